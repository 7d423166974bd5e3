import { describe, expect, it } from 'vitest';
import type { ExperimentResult } from './result.ts';
import { tableOf } from './table.ts';

const held: ExperimentResult = {
  id: 'calm',
  title: 'no fault at all',
  group: 'load',
  trials: 1,
  requests: { ok: 254, fail: 0, unknown: 0 },
  orders: 52,
  figures: [
    { name: 'answered well', unit: '%', samples: [100] },
    { name: 'checkout', unit: 'ms', samples: [10, 20] },
    { name: 'ready after healing', unit: 'ms', samples: [3] },
  ],
  violations: [],
  held: true,
  tookMs: 10_000,
};
const broken: ExperimentResult = {
  ...held,
  id: 'kill-service',
  figures: [],
  violations: [
    { rule: 'no-oversell', says: 'no more is sold', places: Array.from({ length: 10 }, (_, index) => `product ${index}`) },
  ],
  held: false,
};
const suite = { seed: 7, startedAt: '', tookMs: 65_000, replay: 'npm run chaos -- --seed 7' };

describe('the table', () => {
  it('has a line for each experiment, and more for figures that do not fit', () => {
    expect(tableOf({ ...suite, experiments: [held], held: true }).split('\n')).toEqual([
      '',
      'experiment  trials   ok  fail  unknown  orders  took  verdict  measured',
      'calm             1  254     0        0      52  10 s  held     answered well 100 %; checkout p50 10 ms, p99 20 ms, max 20 ms',
      '                                                               ready after healing 3 ms',
      '',
      'Everything held in 1 min 5 s. Seed 7.',
      'Again: npm run chaos -- --seed 7',
    ]);
  });

  it('says what did not hold, where, and how to see it again', () => {
    const text = tableOf({ ...suite, experiments: [held, broken], held: false });

    expect(text).toContain('kill-service breaks no-oversell (no more is sold), in 10 places:\n  product 0\n');
    expect(text).toContain('  … and 2 more');
    expect(text).toContain('1 of 2 did not hold. Seed 7.\nAgain: npm run chaos -- --seed 7');
  });
});
