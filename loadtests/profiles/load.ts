import { everyday } from '../lib/mix.ts';
import { profile } from '../lib/profile.ts';
import { steady } from '../lib/shape.ts';

export * from '../lib/stage.ts';

/**
 * A busy day: the rate that one small machine has to hold. It comes up in two minutes: a request costs twice as much of processes whose code
 * is not compiled yet (docs/performance.md), and nobody's day begins with its busiest second.
 */
export const options = profile({ mix: everyday, shape: steady, rate: 1_000, seconds: 300, riseSeconds: 120 });
