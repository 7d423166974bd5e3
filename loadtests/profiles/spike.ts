import { everyday } from '../lib/mix.ts';
import { profile } from '../lib/profile.ts';
import { burst } from '../lib/shape.ts';

export * from '../lib/stage.ts';

/** Five times as many from one second to the next. */
export const options = profile({ mix: everyday, shape: burst, rate: 300, seconds: 120 });
