import { describe, expect, it } from 'vitest';
import { comparisons, merged } from './baseline-file.ts';

const withRatio = (median: number, of = 'nest') => [{ name: 'product', ratio: { of, median, lowest: median, highest: median } }];
const withStatements = (perRequest: number) => [
  { name: 'purchase', statements: { perRequest, transactionControl: 10, byDatabase: {} } },
];

describe('the comparison with the committed figures', () => {
  it('refuses a ratio that is 11 % lower', () => {
    expect(comparisons(withRatio(1), withRatio(0.89))).toEqual([
      { text: 'product: 0.890 of nest, and was 1.00 (−11 %)', isRegression: true },
    ]);
  });

  it.each([0.91, 1, 3])('takes a ratio that is 9 %% lower, the same or higher: %s', (median) => {
    expect(comparisons(withRatio(1), withRatio(median))).toEqual([{ text: expect.any(String), isRegression: false }]);
  });

  it('says nothing of what was not measured before, or was compared with something else', () => {
    expect(comparisons([], withRatio(0.1))).toEqual([]);
    expect(comparisons(withRatio(1, 'fastify'), withRatio(0.1, 'nest'))).toEqual([]);
  });

  it('refuses more than a tenth more statements', () => {
    expect(comparisons(withStatements(25), withStatements(27))).toMatchObject([{ isRegression: false }]);
    expect(comparisons(withStatements(25), withStatements(28))).toEqual([
      { text: 'purchase: 28.0 SQL statements, and were 25.0 (+12 %)', isRegression: true },
    ]);
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
