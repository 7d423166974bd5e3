/** How wrong guesses at one account slow down. All times are milliseconds. */
export interface LockoutRule {
  /** Wrong guesses that cost nothing. */
  readonly freeFailures: number;
  /** The wait after the last free failure; doubles with every further one. */
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  /** Without a guess for this long, the count starts again. */
  readonly forgetAfterMs: number;
}

/** Wrong guesses so far, for one e-mail address. */
export interface Attempts {
  readonly failures: number;
  readonly lastAttemptAt: Date;
  readonly lockedUntil: Date | undefined;
}

/** 'free': guess at will. 'probe': one guess, and the next wait begins before it is checked. 'locked': wait. */
export type Admission = { kind: 'free' } | { kind: 'probe'; lockedUntil: Date } | { kind: 'locked'; until: Date };

const never: Attempts = { failures: 0, lastAttemptAt: new Date(0), lockedUntil: undefined };

/**
 * Below the limit guesses are counted once they were wrong, so people who sign in on many devices at once do not lock each other out.
 * From the limit on, a guess takes the next wait with it before it is checked: a thousand at once are one.
 */
export function admit(attempts: Attempts | undefined, now: Date, rule: LockoutRule): Admission {
  const { failures, lockedUntil } = stillCounting(attempts, now, rule);
  if (lockedUntil !== undefined && lockedUntil > now) return { kind: 'locked', until: lockedUntil };
  if (failures < rule.freeFailures) return { kind: 'free' };
  return { kind: 'probe', lockedUntil: after(now, delayOf(failures, rule)) };
}

/** The count after one more wrong guess. */
export function countFailure(attempts: Attempts | undefined, now: Date, rule: LockoutRule): Attempts {
  const failures = stillCounting(attempts, now, rule).failures + 1;
  const lockedUntil = failures < rule.freeFailures ? undefined : after(now, delayOf(failures, rule));
  return { failures, lastAttemptAt: now, lockedUntil };
}

/** Seconds to wait, rounded up. */
export const secondsUntil = (until: Date, now: Date): number => Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000));

const stillCounting = (attempts: Attempts | undefined, now: Date, rule: LockoutRule): Attempts =>
  attempts === undefined || now.getTime() - attempts.lastAttemptAt.getTime() >= rule.forgetAfterMs ? never : attempts;

// Beyond 2^30 doublings every base exceeds any maximum; more would lose exactness.
const delayOf = (failures: number, { freeFailures, baseDelayMs, maxDelayMs }: LockoutRule) =>
  Math.min(maxDelayMs, baseDelayMs * 2 ** Math.min(30, Math.max(0, failures - freeFailures)));

const after = (now: Date, delayMs: number) => new Date(now.getTime() + delayMs);
