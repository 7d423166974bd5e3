import type { ProcessSpec } from '@emporium/local';
import type { Experiment } from '../experiment.ts';
import { pause } from '../schedule/pause.ts';

/** Milliseconds each service's clock is ahead. Tokens between services tolerate five seconds. */
const AHEAD: Readonly<Record<string, number>> = { user: -2_000, product: 2_400, order: -2_400, payment: 2_000 };

const LASTS_MS = 10_000;

/** Loaded before everything else. */
const skewedClock = (aheadMs: number) => `
const now = Date.now;
globalThis.Date = class extends Date {
  constructor(...given) { given.length === 0 ? super(now() + ${aheadMs}) : super(...given); }
  static now() { return now() + ${aheadMs}; }
};`;

function skew(spec: ProcessSpec): ProcessSpec {
  const aheadMs = AHEAD[spec.name];
  if (aheadMs === undefined) return spec;
  const module = `data:text/javascript,${encodeURIComponent(skewedClock(aheadMs))}`;
  return { ...spec, args: ['--import', module, ...spec.args] };
}

export const clockSkew: Experiment = {
  id: 'clock-skew',
  title: 'the clocks of the services are up to five seconds apart: nobody notices',
  group: 'purchase',
  trials: 1,
  platform: { links: 'none', adjust: skew },
  run: async ({ load, recorder }, { signal, measure }) => {
    load.start({ rate: 20 });
    await pause(LASTS_MS, signal);
    await load.stop();
    const { ok, fail, unknown } = recorder.chapter.counts();
    measure('answered well', (100 * ok) / (ok + fail + unknown), '%');
  },
  limits: [{ figure: 'answered well', statistic: 'min', atLeast: 99 }],
};
