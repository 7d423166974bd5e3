import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Handfuls } from './handfuls.ts';

/** A bucket that never refills and counts how often it is asked. */
const bucketOf = (tokens: number, retryAfterSeconds = 2) => {
  const take = vi.fn(async (_key: string, { cost = 1 }: { capacity: number; cost?: number }) => {
    const allowed = tokens >= cost;
    if (allowed) tokens -= cost;
    return { allowed, remaining: tokens, retryAfterSeconds: allowed ? 0 : retryAfterSeconds, resetSeconds: 1 };
  });
  return { take, left: () => tokens };
};
const limit = { perMinute: 6_000, burst: 500 };
const small = { perMinute: 60, burst: 10 };
const times = <T>(count: number, work: () => T) => Promise.all(Array.from({ length: count }, work));

describe('tokens by the handful', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
  afterEach(() => void vi.useRealTimers());

  it('asks once for a fiftieth of the burst and answers from the hand without a promise', async () => {
    const bucket = bucketOf(500);
    const handfuls = new Handfuls(bucket);

    expect(await handfuls.take('a', limit)).toBe(0);
    const rest = Array.from({ length: 9 }, () => handfuls.take('a', limit));

    expect(rest).toEqual(Array(9).fill(0));
    expect(bucket.take.mock.calls).toEqual([['a', { capacity: 500, refillPerSecond: 100, cost: 10 }]]);
  });

  it('gives from the hand alone when asked to, and nothing under another limit', async () => {
    const bucket = bucketOf(500);
    const handfuls = new Handfuls(bucket);
    expect(handfuls.takeFromHand('a', limit)).toBe(false);
    await handfuls.take('a', limit);

    expect(Array.from({ length: 10 }, () => handfuls.takeFromHand('a', limit))).toEqual([...Array(9).fill(true), false]);
    await handfuls.take('a', limit);
    expect(handfuls.takeFromHand('a', { ...limit })).toBe(false);
    expect(bucket.take).toHaveBeenCalledTimes(2);
  });

  it('takes one handful for all who find the hand empty at once', async () => {
    const bucket = bucketOf(500);

    const handfuls = new Handfuls(bucket);

    const waits = await times(10, () => handfuls.take('a', limit));

    expect(waits).toEqual(Array(10).fill(0));
    expect(bucket.take).toHaveBeenCalledTimes(1);
  });

  it('never lets more through than the bucket holds, whatever the crowd', async () => {
    const bucket = bucketOf(500);
    const handfuls = new Handfuls(bucket);

    const waits = await times(800, () => handfuls.take('a', limit));

    expect(waits.filter((seconds) => seconds === 0)).toHaveLength(500);
    expect(waits.filter((seconds) => seconds === 2)).toHaveLength(300);
    expect(bucket.left()).toBe(0);
  });

  it('takes the last tokens one by one', async () => {
    const handfuls = new Handfuls(bucketOf(7));

    const waits: number[] = [];
    for (let index = 0; index < 9; index += 1) waits.push(await handfuls.take('a', limit));

    expect(waits).toEqual([0, 0, 0, 0, 0, 0, 0, 2, 2]);
  });

  it('counts small bursts exactly, all at once', async () => {
    const bucket = bucketOf(10);
    const handfuls = new Handfuls(bucket);

    const waits = await times(12, () => handfuls.take('a', small));

    expect(waits.filter((seconds) => seconds === 0)).toHaveLength(10);
    expect(bucket.take.mock.calls.every(([, { cost }]) => cost === undefined)).toBe(true);
  });

  it('does not ask for the time it told a refused client to wait', async () => {
    const bucket = bucketOf(0, 2);
    const handfuls = new Handfuls(bucket);
    expect(await handfuls.take('a', small)).toBe(2);
    expect(bucket.take).toHaveBeenCalledTimes(1);

    expect(handfuls.take('a', small)).toBe(2);
    vi.advanceTimersByTime(1_500);
    expect(handfuls.take('a', small)).toBe(1);
    expect(bucket.take).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(500);
    await handfuls.take('a', small);

    expect(bucket.take).toHaveBeenCalledTimes(2);
  });

  it('asks at once when the limit that refused is no longer in force', async () => {
    const bucket = bucketOf(0, 60);
    const handfuls = new Handfuls(bucket);
    await handfuls.take('a', small);

    await handfuls.take('a', { ...small, burst: 20 });

    expect(bucket.take.mock.calls.map(([, { capacity }]) => capacity)).toEqual([10, 20]);
  });

  it('lets go of what it took under a limit that is no longer in force', async () => {
    const bucket = bucketOf(500);
    const handfuls = new Handfuls(bucket);
    await handfuls.take('a', limit);

    const tight = { perMinute: 1, burst: 1 };
    await times(5, () => handfuls.take('a', tight));

    expect(bucket.take.mock.calls.map(([, { capacity }]) => capacity)).toEqual([500, 1, 1, 1, 1, 1]);
  });

  it('says at least one second', async () => {
    expect(await new Handfuls(bucketOf(0, 0)).take('a', small)).toBe(1);
  });

  it('keeps keys apart', async () => {
    const bucket = bucketOf(500);
    const handfuls = new Handfuls(bucket);

    await handfuls.take('a', limit);
    await handfuls.take('b', limit);

    expect(bucket.take.mock.calls.map(([key]) => key)).toEqual(['a', 'b']);
  });

  it('asks again after a bucket that failed', async () => {
    const bucket = bucketOf(500);
    bucket.take.mockRejectedValueOnce(new Error('a bug'));
    const handfuls = new Handfuls(bucket);

    await expect(handfuls.take('a', limit)).rejects.toThrow('a bug');

    expect(await handfuls.take('a', limit)).toBe(0);
  });

  it('forgets the oldest of fifty thousand keys', async () => {
    const bucket = bucketOf(10_000_000);
    const handfuls = new Handfuls(bucket);
    await handfuls.take('first', limit);
    for (let index = 0; index < 50_000; index += 1) await handfuls.take(String(index), limit);
    bucket.take.mockClear();

    expect(handfuls.take('49999', limit)).toBe(0);
    await handfuls.take('first', limit);

    expect(bucket.take.mock.calls.map(([key]) => key)).toEqual(['first']);
  });
});
