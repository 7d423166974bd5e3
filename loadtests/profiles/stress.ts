import { everyday } from '../lib/mix.ts';
import { profile } from '../lib/profile.ts';
import { steps } from '../lib/shape.ts';

export * from '../lib/stage.ts';

/** Two and three times too many, for minutes: refusals are clean, and afterwards all is well again. */
export const options = profile({ mix: everyday, shape: steps, rate: 500, seconds: 300 });
