import { describe, expect, it } from 'vitest';
import { booksOf, countOf, rowsOf, type Summary, thresholdsOf, totalOf } from './summary.ts';

const duration = { count: 600, 'p(50)': 5, 'p(95)': 50, 'p(99)': 90, max: 120 };
const summary: Summary = {
  state: { testRunDurationMs: 61_000 },
  metrics: {
    http_req_duration: { values: { ...duration, count: 1_200 } },
    http_req_failed: { values: { rate: 0.005 } },
    'http_req_duration{journey:cart}': { values: duration, thresholds: { 'p(95)<500': { ok: true } } },
    'http_req_failed{journey:cart}': { values: { rate: 0.02 }, thresholds: { 'rate<0.01': { ok: false } } },
    'http_req_duration{act:visit}': { values: duration },
    purchases: { values: { count: 72, rate: 1.2 } },
    books_agree: { values: { rate: 1, passes: 1, fails: 0 } },
    reconciliation_differences: { values: { value: 0, min: 0, max: 4 } },
    orders_left_pending: { values: { value: 0, min: 0, max: 3 } },
  },
};

describe('the summary of k6', () => {
  it('has a row for each journey', () => {
    expect(rowsOf(summary, 'journey', 60)).toEqual([
      {
        ...{ name: 'cart', requests: 600, requestsPerSecond: 10 },
        ...{ p50Ms: 5, p95Ms: 50, p99Ms: 90, maxMs: 120, errorShare: 0.02 },
      },
    ]);
  });

  it('has one for everything, and counts', () => {
    expect(totalOf(summary, 60)).toMatchObject({ name: 'all', requests: 1_200, requestsPerSecond: 20, errorShare: 0.005 });
    expect(countOf(summary, 'purchases')).toBe(72);
    expect(countOf(summary, 'dropped_iterations')).toBe(0);
  });

  it('says which limits held', () => {
    expect(thresholdsOf(summary)).toEqual([
      { metric: 'http_req_duration{journey:cart}', condition: 'p(95)<500', held: true },
      { metric: 'http_req_failed{journey:cart}', condition: 'rate<0.01', held: false },
    ]);
  });

  it('says whether the books agree', () => {
    expect(booksOf(summary)).toEqual({ differences: 0, ordersLeftPending: 0, agree: true });
  });

  it('of a run that ended before the books were compared does not say that they agree', () => {
    const { books_agree: _, reconciliation_differences: __, ...metrics } = summary.metrics;

    expect(booksOf({ ...summary, metrics })).toEqual({ differences: undefined, ordersLeftPending: 0, agree: false });
  });
});
