import { everyday } from '../lib/mix.ts';
import { profile } from '../lib/profile.ts';
import { steady } from '../lib/shape.ts';

export * from '../lib/stage.ts';

/** Long enough to see what only grows. */
export const options = profile({ mix: everyday, shape: steady, rate: 300, seconds: 1_800 });
