import { describe, expect, it } from 'vitest';
import { MemoryBuckets } from './token-bucket.ts';

const SECOND = 1_000_000;

describe('a bucket in memory', () => {
  const limit = { capacity: 3, refillPerSecond: 1 };

  it('allows as many as it holds, then says when to come back', () => {
    const buckets = new MemoryBuckets();

    const decisions = [1, 2, 3, 4].map(() => buckets.take('a', limit, 0));

    expect(decisions.map(({ allowed }) => allowed)).toEqual([true, true, true, false]);
    expect(decisions.map(({ remaining }) => remaining)).toEqual([2, 1, 0, 0]);
    expect(decisions[2]).toEqual({ allowed: true, remaining: 0, retryAfterSeconds: 0, resetSeconds: 3 });
    expect(decisions[3]).toEqual({ allowed: false, remaining: 0, retryAfterSeconds: 1, resetSeconds: 3 });
  });

  it('gains tokens with time and never more than it holds', () => {
    const buckets = new MemoryBuckets();
    buckets.take('a', { ...limit, cost: 3 }, 0);

    expect(buckets.take('a', limit, SECOND - 10).allowed).toBe(false);
    expect(buckets.take('a', limit, SECOND)).toMatchObject({ allowed: true, remaining: 0 });
    expect(buckets.take('a', limit, 1_000 * SECOND)).toMatchObject({ allowed: true, remaining: 2 });
  });

  it('takes nothing when it refuses', () => {
    const buckets = new MemoryBuckets();

    expect(buckets.take('a', { ...limit, cost: 4 }, 0).allowed).toBe(false);
    expect(buckets.take('a', { ...limit, cost: 3 }, 0)).toMatchObject({ allowed: true, remaining: 0 });
  });

  it('gives the last token in spite of a rate that does not divide evenly', () => {
    const buckets = new MemoryBuckets();

    const allowed = Array.from({ length: 30 }, () => buckets.take('a', { capacity: 30, refillPerSecond: 7 }, 0).allowed);

    expect(allowed).toEqual(Array(30).fill(true));
  });

  it('is empty at worst when its limit has been raised: it owes nothing for the time of the lower one', () => {
    const buckets = new MemoryBuckets();
    const low = { capacity: 2, refillPerSecond: 0.01 };
    buckets.take('a', { ...low, cost: 2 }, 0);
    expect(buckets.take('a', low, 0)).toMatchObject({ allowed: false, retryAfterSeconds: 100 });

    const high = { capacity: 10, refillPerSecond: 1 };

    expect(buckets.take('a', high, 0)).toMatchObject({ allowed: false, retryAfterSeconds: 1, resetSeconds: 10 });
    expect(buckets.take('a', high, SECOND)).toMatchObject({ allowed: true, remaining: 0 });
  });

  it('keeps keys apart and forgets the one used longest ago beyond ten thousand', () => {
    const buckets = new MemoryBuckets();
    const one = { capacity: 1, refillPerSecond: 0.001 };
    buckets.take('first', one, 0);
    buckets.take('second', one, 0);
    for (let index = 0; index < 9_999; index += 1) buckets.take(`other-${index}`, one, 0);

    expect(buckets.take('second', one, 0).allowed).toBe(false);
    expect(buckets.take('first', one, 0).allowed).toBe(true);
  });
});
