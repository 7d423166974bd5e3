import { saleDay } from '../lib/mix.ts';
import { profile } from '../lib/profile.ts';
import { burst } from '../lib/shape.ts';

export * from '../lib/stage.ts';

/** A few pieces of one product, wanted by everybody at once; five times the crowd when the doors open. */
export const options = profile({ mix: saleDay, shape: burst, rate: 200, seconds: 60 });
