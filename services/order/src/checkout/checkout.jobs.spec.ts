import { afterEach, describe, expect, it, vi } from 'vitest';
import { retryDelayMs } from './checkout.jobs.ts';

describe('the pause before the next try', () => {
  afterEach(() => void vi.restoreAllMocks());

  it('is a second for the first tries, then doubles and stops growing at ten', () => {
    vi.spyOn(Math, 'random').mockReturnValue(0.5);

    expect([0, 1, 2, 3, 4, 5, 6, 50].map(retryDelayMs)).toEqual([1_000, 1_000, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });

  it('is spread by a quarter to each side', () => {
    const pauses = Array.from({ length: 500 }, () => retryDelayMs(6));

    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(7_500);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(12_500);
    expect(Math.max(...pauses) - Math.min(...pauses)).toBeGreaterThan(3_000);
  });
});
