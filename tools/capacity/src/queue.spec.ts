import { describe, expect, it } from 'vitest';
import {
  erlangB,
  erlangC,
  inside,
  meanStaySeconds,
  meanWaitSeconds,
  oneOf,
  type Station,
  serversForOwnQueues,
  serversForSharedQueue,
  waitPercentileSeconds,
} from './queue.ts';

const limits = { utilisation: 0.7, waitSeconds: 0.02, share: 0.95 };

describe('Erlang', () => {
  it('B is its sum', () => {
    const terms = Array.from({ length: 11 }, (_, count) => 8 ** count / factorial(count));

    expect(erlangB(10, 8)).toBeCloseTo((terms[10] ?? 0) / terms.reduce((sum, term) => sum + term), 12);
  });

  it('C of one server is its utilisation, and of two 2ρ²/(1+ρ)', () => {
    expect(erlangC(1, 0.6)).toBeCloseTo(0.6, 12);
    expect(erlangC(2, 1.2)).toBeCloseTo((2 * 0.6 ** 2) / 1.6, 12);
  });

  it('C of ten servers with eight erlangs is the 0.409 of the tables', () => {
    expect(erlangC(10, 8)).toBeCloseTo(0.409, 3);
  });

  it('C is certain to wait where the servers cannot keep up, and counts thousands of servers', () => {
    expect(erlangC(4, 4)).toBe(1);
    expect(erlangC(5_000, 4_500)).toBeGreaterThan(0);
    expect(erlangC(5_000, 4_500)).toBeLessThan(0.001);
  });
});

describe('waiting', () => {
  const station: Station = { rate: 600, serviceSeconds: 0.001, variation: 1, servers: 1 };

  it('is ρs/(1-ρ) before one exponential server', () => {
    expect(meanWaitSeconds(station)).toBeCloseTo((0.6 * 0.001) / 0.4, 12);
    expect(meanStaySeconds(station)).toBeCloseTo(0.001 / 0.4, 12);
  });

  it('is half of it before one constant server (Pollaczek and Khinchine)', () => {
    expect(meanWaitSeconds({ ...station, variation: 0 })).toBeCloseTo((0.6 * 0.001) / 0.4 / 2, 12);
  });

  it('has no end where more comes than can be served', () => {
    expect(meanWaitSeconds({ ...station, rate: 1_000 })).toBe(Number.POSITIVE_INFINITY);
    expect(waitPercentileSeconds({ ...station, rate: 1_000 }, 0.95)).toBe(Number.POSITIVE_INFINITY);
  });

  it('is nothing at a percentile that does not wait', () => {
    expect(waitPercentileSeconds({ ...station, rate: 40 }, 0.95)).toBe(0);
    expect(waitPercentileSeconds({ ...station, rate: 0 }, 0.95)).toBe(0);
  });

  it('has the percentiles of an exponential', () => {
    expect(waitPercentileSeconds(station, 0.95)).toBeCloseTo((0.001 / 0.4) * Math.log(0.6 / 0.05), 12);
  });

  it.each([
    [1, 1],
    [4, 1],
    [4, 0.3],
    [2, 2.5],
  ])('of %i servers and variation %d is what a simulation of the queue shows', (servers, variation) => {
    const busy: Station = { rate: 700 * servers, serviceSeconds: 0.001, variation, servers };

    const { mean, exceeding } = simulated(busy, waitPercentileSeconds(busy, 0.95));

    expect(Math.abs(mean / meanWaitSeconds(busy) - 1)).toBeLessThan(0.1);
    expect(Math.abs(exceeding - 0.05)).toBeLessThan(0.02);
  });
});

describe('how many servers it takes', () => {
  const load = { rate: 10_000, serviceSeconds: 0.001, variation: 1 };

  it('follows the utilisation while waits are short', () => {
    expect(serversForSharedQueue(load, limits)).toBe(15);
    expect(serversForOwnQueues(load, limits)).toBe(15);
  });

  it('follows the wait where jobs are long, and more so when each server has a queue of its own', () => {
    const long = { rate: 100, serviceSeconds: 0.05, variation: 1 };

    const shared = serversForSharedQueue(long, limits);
    const own = serversForOwnQueues(long, limits);

    expect(own).toBeGreaterThan(shared);
    expect(waitPercentileSeconds({ ...long, servers: shared }, 0.95)).toBeLessThanOrEqual(0.02);
    expect(waitPercentileSeconds({ ...long, servers: shared - 1 }, 0.95)).toBeGreaterThan(0.02);
    expect(waitPercentileSeconds(oneOf(long, own), 0.95)).toBeLessThanOrEqual(0.02);
  });

  it('is one for next to nothing', () => {
    expect(serversForSharedQueue({ rate: 0, serviceSeconds: 0.001, variation: 1 }, limits)).toBe(1);
  });
});

it('counts those inside by Little', () => {
  expect(inside(200, 0.05)).toBe(10);
});

const factorial = (of: number): number => (of < 2 ? 1 : of * factorial(of - 1));

/** A first-come queue, job by job, with numbers that are the same in every run. */
function simulated({ rate, serviceSeconds, variation, servers }: Station, limit: number): { mean: number; exceeding: number } {
  const chance = numbers();
  const free = new Array<number>(servers).fill(0);
  const jobs = 400_000;
  let now = 0;
  let waited = 0;
  let exceeding = 0;
  for (let job = 0; job < jobs; job += 1) {
    now -= Math.log(chance()) / rate;
    const next = free.indexOf(Math.min(...free));
    const begin = Math.max(now, free[next] ?? 0);
    waited += begin - now;
    if (begin - now > limit) exceeding += 1;
    free[next] = begin + duration(serviceSeconds, variation, chance);
  }
  return { mean: waited / jobs, exceeding: exceeding / jobs };
}

/** Exponential; two exponentials of which one is rare and long; or a constant and an exponential part. */
function duration(mean: number, variation: number, chance: () => number): number {
  if (variation < 1) {
    const random = Math.sqrt(variation);
    return mean * (1 - random) - mean * random * Math.log(chance());
  }
  const short = (1 + Math.sqrt((variation - 1) / (variation + 1))) / 2;
  const share = chance() < short ? short : 1 - short;
  return (-Math.log(chance()) * mean) / (2 * share);
}

/** Mulberry32. */
function numbers(): () => number {
  let state = 42;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296 || 1e-12;
  };
}
