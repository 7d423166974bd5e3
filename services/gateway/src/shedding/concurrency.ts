import type { AdaptiveLimitSettings } from '@emporium/admission';
import type { LimitClass } from '../limits/limits.ts';

/** How many calls of a class may be under way to one service, and how long nine of ten may take. */
export type Concurrency = Readonly<Record<LimitClass, AdaptiveLimitSettings>>;

/**
 * Found by measurement on two cores that the whole platform shares (docs/adr): there the least times the target is about what can be done,
 * and the targets are two to three times what calls take when the platform is busy and not overloaded. A class is its own and so has no
 * share in another's delay.
 */
export const usualConcurrency: Concurrency = {
  browse: { min: 12, start: 256, max: 512, targetMs: 120 },
  account: { min: 8, start: 256, max: 512, targetMs: 200 },
  // Passwords are hashed three at a time, and a hundred wait for that.
  'sign-in': { min: 3, start: 103, max: 103, targetMs: 500 },
  // A crowd for a flash sale is let in at once. A purchase may take as long as the provider likes: so far below what is cut, a slow
  // provider turns nobody away (adaptive-limit.ts).
  checkout: { min: 16, start: 512, max: 512, targetMs: 700 },
  admin: { min: 2, start: 64, max: 128, targetMs: 250 },
  webhook: { min: 8, start: 256, max: 512, targetMs: 500 },
};

/** All of them at once, for machines of another size. Targets stay: clients are the same. */
export function scaledConcurrency(concurrency: Concurrency, factor: number): Concurrency {
  const times = (calls: number) => Math.max(1, Math.floor(calls * factor));
  const each = Object.entries(concurrency).map(([name, { min, start, max, targetMs }]) => [
    name,
    { min: times(min), start: times(start), max: times(max), targetMs },
  ]);
  return Object.fromEntries(each) as Concurrency;
}
