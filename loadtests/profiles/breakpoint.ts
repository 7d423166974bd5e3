import { everyday } from '../lib/mix.ts';
import { profile } from '../lib/profile.ts';
import { climb } from '../lib/shape.ts';

export * from '../lib/stage.ts';

/** More and more until the limits are broken; `rate` is where it would end. */
export const options = profile({ mix: everyday, shape: climb, rate: 4_000, seconds: 300, riseSeconds: 0, untilBroken: true });
