import { describe, expect, it } from 'vitest';
import { type Attempts, admit, countFailure, secondsUntil } from './lockout.ts';

const rule = { freeFailures: 3, baseDelayMs: 1_000, maxDelayMs: 10_000, forgetAfterMs: 60_000 };
const now = new Date('2026-01-01T00:00:00Z');
const later = (ms: number) => new Date(now.getTime() + ms);

const failedTimes = (times: number): Attempts => {
  let attempts: Attempts | undefined;
  for (let count = 0; count < times; count += 1) attempts = countFailure(attempts, now, rule);
  return attempts ?? { failures: 0, lastAttemptAt: now, lockedUntil: undefined };
};

describe('a lockout', () => {
  it('lets everybody guess who has not failed too often', () => {
    expect(admit(undefined, now, rule)).toEqual({ kind: 'free' });
    expect(admit(failedTimes(2), now, rule)).toEqual({ kind: 'free' });
  });

  it('makes the wait longer with every wrong guess, up to a limit', () => {
    const waits = [3, 4, 5, 6, 7, 100].map((times) => (failedTimes(times).lockedUntil?.getTime() ?? 0) - now.getTime());

    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  it('refuses while the wait lasts and then allows one guess that begins the next wait', () => {
    expect(admit(failedTimes(3), later(999), rule)).toEqual({ kind: 'locked', until: later(1_000) });
    expect(admit(failedTimes(3), later(1_000), rule)).toEqual({ kind: 'probe', lockedUntil: later(2_000) });
  });

  it('forgets after a quiet time', () => {
    expect(admit(failedTimes(5), later(60_000), rule)).toEqual({ kind: 'free' });
    expect(countFailure(failedTimes(5), later(60_000), rule).failures).toBe(1);
  });

  it('tells the wait in whole seconds, at least one', () => {
    expect(secondsUntil(later(1_001), now)).toBe(2);
    expect(secondsUntil(now, now)).toBe(1);
  });
});
