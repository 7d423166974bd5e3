import { describe, expect, it } from 'vitest';
import { limitsFor } from './limits.ts';

describe('the limits of an environment', () => {
  it('are strict in production and generous elsewhere', () => {
    const production = limitsFor('production', 1);

    expect(limitsFor('test', 1)).toEqual(limitsFor('development', 1));
    for (const [name, limit] of Object.entries(limitsFor('development', 1))) {
      const strict = production[name as keyof typeof production];
      expect(limit.perMinute).toBeGreaterThan(strict.perMinute);
      expect(limit.burst).toBeGreaterThan(strict.burst);
    }
  });

  it('let sixty sign-ups and hundreds of purchases through in a few minutes of development', () => {
    const limits = limitsFor('development', 1);

    expect(limits['sign-in'].burst).toBeGreaterThanOrEqual(120);
    expect(limits.checkout.burst).toBeGreaterThanOrEqual(1_000);
  });

  it('can be scaled, and never down to nothing', () => {
    expect(limitsFor('production', 2)['sign-in']).toEqual({ perMinute: 40, burst: 40 });
    expect(limitsFor('production', 0.01)['sign-in'].burst).toBe(1);
  });
});
