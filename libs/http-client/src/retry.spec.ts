import { describe, expect, it } from 'vitest';
import { backoffMs, RetryBudget } from './retry.ts';

describe('a retry budget', () => {
  it('allows no retry before there were calls, and one for ten calls', () => {
    const budget = new RetryBudget(0.1);
    expect(budget.spend()).toBe(false);

    for (let call = 0; call < 10; call += 1) budget.deposit();

    expect([budget.spend(), budget.spend()]).toEqual([true, false]);
  });

  it('never allows more than a tenth of the calls when every call wants a retry', () => {
    const budget = new RetryBudget(0.1);
    let retries = 0;

    for (let call = 0; call < 1_000; call += 1) {
      budget.deposit();
      if (budget.spend()) retries += 1;
    }

    expect(retries).toBeLessThanOrEqual(100);
    expect(retries).toBeGreaterThanOrEqual(99);
  });

  it('saves up ten at most', () => {
    const budget = new RetryBudget(0.1);
    for (let call = 0; call < 10_000; call += 1) budget.deposit();

    const allowed = Array.from({ length: 20 }, () => budget.spend()).filter(Boolean);

    expect(allowed).toHaveLength(10);
  });
});

describe('the pause before a retry', () => {
  it('is anything below a limit that doubles up to a second', () => {
    for (const [attempt, limit] of [
      [0, 50],
      [1, 100],
      [4, 800],
      [10, 1_000],
    ] as const) {
      const pauses = Array.from({ length: 200 }, () => backoffMs(attempt));
      expect(Math.max(...pauses)).toBeLessThanOrEqual(limit);
      expect(Math.max(...pauses)).toBeGreaterThan(limit / 2);
      expect(Math.min(...pauses)).toBeLessThan(limit / 2);
    }
  });
});
