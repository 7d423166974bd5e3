import type { Experiment } from '../experiment.ts';
import { pause } from '../schedule/pause.ts';

const LASTS_MS = 6_000;

/** The control: whatever is found here is not the work of a fault. */
export const calm: Experiment = {
  id: 'calm',
  title: 'no fault at all: the mixed load alone',
  group: 'load',
  trials: 1,
  smoke: 1,
  run: async ({ load, recorder }, { signal, measure }) => {
    load.start({ rate: 15 });
    await pause(LASTS_MS, signal);
    const { ok, fail, unknown } = recorder.chapter.counts();
    measure('answered well', (100 * ok) / (ok + fail + unknown), '%');
    for (const { durationMs, action } of recorder.chapter.outcomes)
      if (action === 'checkout') measure('checkout', durationMs, 'ms');
  },
  limits: [{ figure: 'answered well', statistic: 'last', atLeast: 99 }],
};
