import { describe, expect, it } from 'vitest';
import { merged, regressions } from './baseline-file.ts';

const withRatio = (median: number, of = 'nest') => [{ name: 'product', ratio: { of, median, lowest: median, highest: median } }];
const withStatements = (perRequest: number) => [
  { name: 'purchase', statements: { perRequest, transactionControl: 10, byDatabase: {} } },
];

describe('the comparison with the committed figures', () => {
  it.each([0.7, 0.64, 0.637, 2])('takes a ratio of %s for 0.7', (median) => {
    expect(regressions(withRatio(0.7), withRatio(median))).toEqual([]);
  });

  it('refuses a ratio that is 11 % lower', () => {
    expect(regressions(withRatio(1), withRatio(0.89))).toEqual(['product: 0.890 of nest, and was 1.00 (−11 %)']);
  });

  it('takes a ratio that is 9 % lower', () => {
    expect(regressions(withRatio(1), withRatio(0.91))).toEqual([]);
  });

  it('takes what was not measured before, or was compared with something else', () => {
    expect(regressions([], withRatio(0.1))).toEqual([]);
    expect(regressions(withRatio(1, 'fastify'), withRatio(0.1, 'nest'))).toEqual([]);
  });

  it('refuses more than a tenth more statements', () => {
    expect(regressions(withStatements(25), withStatements(27))).toEqual([]);
    expect(regressions(withStatements(25), withStatements(28))).toEqual(['purchase: 28.0 SQL statements, and was 25.0 (+12 %)']);
  });
});

describe('the committed figures', () => {
  it('keep what was not measured this time', () => {
    const figures = (name: string, ms: number) => ({ name, ms });

    expect(merged([figures('a', 1), figures('b', 1)], [figures('c', 2), figures('b', 2)])).toEqual([
      figures('a', 1),
      figures('b', 2),
      figures('c', 2),
    ]);
  });
});
