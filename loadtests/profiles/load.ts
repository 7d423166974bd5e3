import { everyday } from '../lib/mix.ts';
import { profile } from '../lib/profile.ts';
import { steady } from '../lib/shape.ts';

export * from '../lib/stage.ts';

/** A busy day: the rate that one small machine has to hold. */
export const options = profile({ mix: everyday, shape: steady, rate: 1_000, seconds: 300 });
