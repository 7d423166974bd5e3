import { readHeavy } from '../lib/mix.ts';
import { profile } from '../lib/profile.ts';
import { steady } from '../lib/shape.ts';

export * from '../lib/stage.ts';

/** Visitors who only look. */
export const options = profile({ mix: readHeavy, shape: steady, rate: 1_500, seconds: 120 });
