import { describe, expect, it } from 'vitest';
import { databaseMsBetween, judgeEdge, sumIn } from './service-metrics.ts';

const edge = (hit: number, miss: number) => `# TYPE emporium_edge_cache_answers_total counter
emporium_edge_cache_answers_total{outcome="hit"} ${hit}
emporium_edge_cache_answers_total{outcome="miss"} ${miss}
emporium_edge_cache_entries 12
`;
const queries = (ok: number, error: number) => `emporium_postgres_query_duration_seconds_sum{pool="order",outcome="ok"} ${ok}
emporium_postgres_query_duration_seconds_sum{pool="order",outcome="error"} ${error}
emporium_postgres_query_duration_seconds_count{pool="order",outcome="ok"} 7
`;

describe('the sum of a metric', () => {
  it('is over all its series, or those with a label', () => {
    expect(sumIn(edge(70, 30), 'emporium_edge_cache_answers_total')).toBe(100);
    expect(sumIn(edge(70, 30), 'emporium_edge_cache_answers_total', 'outcome="hit"')).toBe(70);
    expect(sumIn(edge(70, 30), 'emporium_edge_cache_entries')).toBe(12);
    expect(sumIn(edge(70, 30), 'emporium_edge_cache')).toBe(0);
    expect(sumIn('a 1.5e-3\na{b="c d"} 2', 'a')).toBeCloseTo(2.0015);
  });
});

describe('the share of the edge cache', () => {
  it('must be what the scenario says', () => {
    expect(() => judgeEdge('edge', true, edge(0, 100), edge(95, 105))).not.toThrow();
    expect(() => judgeEdge('through', false, edge(0, 100), edge(5, 195))).not.toThrow();
    expect(() => judgeEdge('through', false, edge(0, 100), edge(95, 105))).toThrow('answered 95.0 % of 100 requests');
    expect(() => judgeEdge('edge', true, edge(1, 1), edge(1, 1))).toThrow('NaN');
  });
});

describe('the time of statements', () => {
  it('is that between two readings, failed ones too', () => {
    const before = { order: queries(1, 0.5), gateway: '' };

    expect(databaseMsBetween(before, { order: queries(1.5, 0.75), gateway: '' })).toEqual({ order: 750 });
  });
});
