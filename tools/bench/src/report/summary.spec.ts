import { describe, expect, it } from 'vitest';
import { median, ratioOf, speedOf, summaryOf } from './summary.ts';

const sample = (done: number, cpu: Record<string, number>) => ({ done, cpu, tookMs: 1_000, p50Ms: 1, p99Ms: 9 });

describe('the figures of a scenario', () => {
  const samples = new Map([
    ['read', [sample(1_000, { gateway: 0.3, product: 0.2 }), sample(3_000, { gateway: 0.9, product: 0.6 })]],
    ['proxy', [sample(2_000, { proxy: 0.5 }), sample(2_000, { proxy: 0.5 })]],
  ]);

  it('are the processor time of each process for one request, over all rounds', () => {
    const [read, proxy] = summaryOf(
      [
        { name: 'read', title: '', yardstick: 'proxy' },
        { name: 'proxy', title: '' },
      ],
      samples,
    );

    expect(read).toMatchObject({ done: 4_000, requestsPerSecond: 2_000, p50Ms: 1, p99Ms: 9 });
    expect(read?.cpuMs.gateway).toBeCloseTo(0.3);
    expect(read?.cpuMs.product).toBeCloseTo(0.2);
    expect(read?.totalCpuMs).toBeCloseTo(0.5);
    expect(read?.requestsPerCpuSecond).toBeCloseTo(2_000);
    expect(read?.ratio).toMatchObject({ of: 'proxy', median: 0.5 });
    expect(proxy?.requestsPerCpuSecond).toBeCloseTo(4_000);
    expect(proxy).not.toHaveProperty('ratio');
  });
});

describe('a ratio', () => {
  it('is made round by round, so that a slow round is slow on both sides', () => {
    const own = [sample(50, { a: 1 }), sample(5, { a: 1 }), sample(60, { a: 1 })];
    const other = [sample(100, { b: 1 }), sample(10, { b: 1 }), sample(100, { b: 1 })];

    expect(ratioOf('other', own, other)).toEqual({ of: 'other', median: 0.5, lowest: 0.5, highest: 0.6 });
  });

  it('needs the same rounds on both sides', () => {
    expect(() => ratioOf('other', [sample(1, { a: 1 })], [])).toThrow('other has no round 1');
  });
});

describe('the parts', () => {
  it('speed is requests per second of all processes together', () => {
    expect(speedOf(sample(100, { a: 0.5, b: 1.5 }))).toBe(50);
  });

  it.each([
    [[3, 1, 2], 2],
    [[4, 1, 2, 3], 2.5],
    [[7], 7],
  ])('the median of %j is %d', (values, middle) => {
    expect(median(values)).toBe(middle);
  });
});
