/** Which bucket a call is counted in. */
export type LimitClass = 'browse' | 'account' | 'sign-in' | 'checkout' | 'admin' | 'webhook';

/** How many calls of a class one address, and one signed-in user, may make: `perMinute` steadily, `burst` at once. */
export interface Limit {
  readonly perMinute: number;
  readonly burst: number;
}

export type Limits = Readonly<Record<LimitClass, Limit>>;

/** Development: sixty sign-ups and hundreds of purchases in a few minutes from one address must pass. */
const development: Limits = {
  browse: { perMinute: 600_000, burst: 20_000 },
  account: { perMinute: 60_000, burst: 5_000 },
  'sign-in': { perMinute: 1_200, burst: 600 },
  checkout: { perMinute: 60_000, burst: 5_000 },
  admin: { perMinute: 60_000, burst: 5_000 },
  webhook: { perMinute: 600_000, burst: 20_000 },
};

/** A household or an office behind one address shops without noticing; a script that guesses passwords does. */
const production: Limits = {
  browse: { perMinute: 1_200, burst: 300 },
  account: { perMinute: 300, burst: 100 },
  'sign-in': { perMinute: 20, burst: 20 },
  checkout: { perMinute: 60, burst: 30 },
  admin: { perMinute: 300, burst: 100 },
  webhook: { perMinute: 6_000, burst: 1_000 },
};

/** The limits of an environment. */
export const usualLimits = (nodeEnv: string): Limits => (nodeEnv === 'production' ? production : development);

/** All limits at once made larger or smaller, for load tests and for busy addresses; never down to nothing. */
export function scaled(limits: Limits, factor: number): Limits {
  const each = Object.entries(limits).map(([name, { perMinute, burst }]) => [
    name,
    { perMinute: perMinute * factor, burst: Math.max(1, Math.floor(burst * factor)) },
  ]);
  return Object.fromEntries(each) as Limits;
}

/** The limits of an environment, scaled. */
export const limitsFor = (nodeEnv: string, factor: number): Limits => scaled(usualLimits(nodeEnv), factor);
