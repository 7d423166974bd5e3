import { describe, expect, it } from 'vitest';
import { retryDelayMs } from './checkout.jobs.ts';

describe('the pause before the next try', () => {
  it('doubles from one second and stops growing at ten', () => {
    expect([0, 1, 2, 3, 4, 50].map(retryDelayMs)).toEqual([1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
  });
});
