import { scenariosOf } from './scenarios.ts';
import { type Judged, thresholdsOf } from './thresholds.ts';

const RISE_S = 15;

/** k6's options for one kind of load. `LOAD_RATE` and `LOAD_DURATION` (seconds) change its size, never its shape. */
export function profile(usual: Omit<Judged, 'riseSeconds'> & { readonly riseSeconds?: number }) {
  const run: Judged = {
    riseSeconds: RISE_S,
    ...usual,
    rate: Number(__ENV.LOAD_RATE ?? usual.rate),
    seconds: Number(__ENV.LOAD_DURATION ?? usual.seconds),
  };
  return {
    scenarios: scenariosOf(run),
    thresholds: thresholdsOf(run),
    summaryTrendStats: ['count', 'avg', 'p(50)', 'p(95)', 'p(99)', 'max'],
    // Every tag more is work for k6, which shares the machine with what it measures.
    systemTags: ['scenario', 'status', 'name', 'method', 'expected_response', 'error_code'],
    discardResponseBodies: true,
    setupTimeout: '30s',
    teardownTimeout: '3m',
    ext: {
      emporium: {
        rate: run.rate,
        riseSeconds: run.riseSeconds,
        seconds: run.seconds,
        mix: run.mix,
        findsLimit: run.untilBroken ?? false,
      },
    },
  };
}
