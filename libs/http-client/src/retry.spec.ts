import { describe, expect, it } from 'vitest';
import { backoffMs, RetryBudget } from './retry.ts';

describe('a retry budget', () => {
  it('allows one retry from the start, which the first ten calls pay for, and then one for ten calls', () => {
    const budget = new RetryBudget(0.1);
    const after = (calls: number) => {
      for (let call = 0; call < calls; call += 1) budget.deposit();
      return [budget.spend(), budget.spend()];
    };

    expect(after(1)).toEqual([true, false]);
    expect(after(9)).toEqual([false, false]);
    expect(after(9)).toEqual([false, false]);
    expect(after(1)).toEqual([true, false]);
    expect(after(10)).toEqual([true, false]);
  });

  it.each([10, 15, 100, 1_000])('keeps to a tenth of %i calls that begin at once and all want a retry', (calls) => {
    const budget = new RetryBudget(0.1);
    for (let call = 0; call < calls; call += 1) budget.deposit();

    const retries = Array.from({ length: calls }, () => budget.spend()).filter(Boolean).length;

    expect(retries).toBeGreaterThanOrEqual(1);
    expect(retries).toBeLessThanOrEqual(calls / 10);
  });

  it('allows nothing when retries are turned off', () => {
    const budget = new RetryBudget(0);
    budget.deposit();

    expect(budget.spend()).toBe(false);
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
