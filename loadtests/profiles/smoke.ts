import { everyday } from '../lib/mix.ts';
import { profile } from '../lib/profile.ts';
import { steady } from '../lib/shape.ts';

export * from '../lib/stage.ts';

/** Does everything work at all? The gate of a pull request. */
export const options = profile({ mix: everyday, shape: steady, rate: 50, seconds: 20, riseSeconds: 5 });
