import { describe, expect, it } from 'vitest';
import { makeResult, type Remains } from './make-result.ts';

const duration = { count: 600, 'p(50)': 5, 'p(95)': 50, 'p(99)': 90, max: 120 };
const line = (event: string, data: unknown) => JSON.stringify({ event, data });
const recording = [
  line('param', {
    aggregates: { gauge: ['value'], counter: ['count', 'rate'], trend: ['avg', 'max', 'med', 'min', 'p(90)', 'p(95)', 'p(99)'] },
  }),
  line('metric', { http_req_duration: { type: 'trend' }, http_reqs: { type: 'counter' }, time: { type: 'gauge' } }),
  line('start', [[10_000]]),
  line('snapshot', [[5, 90, 4, 1, 7, 8, 9], [100, 100], [11_000]]),
  line('snapshot', [[5, 90, 4, 1, 7, 8, 9], [200, 200], [12_000]]),
  line('snapshot', [[5, 90, 4, 1, 7, 8, 9], [2, 2], [13_000]]),
  line('snapshot', [[5, 90, 4, 1, 7, 8, 9], [2, 2], [99_000]]),
].join('\n');
const remains: Remains = {
  profile: 'load',
  startedAt: new Date(9_000),
  machine: { processor: '', cores: 2, memoryBytes: 0, system: '', node: '', k6: '', commit: '', changed: false },
  plan: { rate: 10, riseSeconds: 0, seconds: 60, mix: { cart: 0.5, browse: 0.5 }, findsLimit: false },
  target: undefined,
  settings: {},
  replicas: 1,
  data: undefined,
  summary: {
    state: { testRunDurationMs: 60_000 },
    metrics: {
      http_req_duration: { values: { ...duration, count: 640 } },
      'http_req_duration{act:visit}': { values: duration, thresholds: { 'p(95)<500': { ok: true } } },
      'http_req_duration{journey:browse}': { values: { ...duration, count: 500 } },
      'http_req_duration{journey:cart}': { values: duration },
      books_agree: { values: { rate: 1 } },
      reconciliation_differences: { values: { value: 0 } },
    },
  },
  recording,
  samples: new Map([
    [
      'gateway',
      [
        { at: 10_000, cpuSeconds: 1, memoryBytes: 5 },
        { at: 40_000, cpuSeconds: 4, memoryBytes: 7 },
      ],
    ],
  ]),
  restarts: {},
  isComplete: true,
};
const withBroken = (metric: string) => ({
  ...remains,
  summary: {
    ...remains.summary,
    metrics: { ...remains.summary.metrics, [metric]: { values: { rate: 0 }, thresholds: { 'rate==1': { ok: false } } } },
  },
});

describe('the result of a run', () => {
  it('has held when every threshold has and the books agree', () => {
    expect(makeResult(remains)).toMatchObject({
      held: true,
      total: { name: 'all', requests: 600, requestsPerSecond: 10 },
      acts: [],
      books: { differences: 0, agree: true },
      servers: [{ name: 'gateway', cpuSeconds: 3, memoryLastBytes: 7 }],
    });
  });

  it('leaves the rise out', () => {
    const metrics = { ...remains.summary.metrics, 'http_req_duration{act:rise}': { values: { ...duration, count: 40 } } };
    const rising = { ...remains, plan: { ...remains.plan, riseSeconds: 15 }, summary: { ...remains.summary, metrics } };

    expect(makeResult(rising)).toMatchObject({ total: { name: 'all', requests: 600 }, acts: [], servers: [{ cpuSeconds: 1.5 }] });
  });

  it('lists the busiest journeys first', () => {
    expect(makeResult(remains).journeys.map(({ name }) => name)).toEqual(['cart', 'browse']);
  });

  it.each(['http_req_failed{act:visit}', 'books_agree'])('has not held when %s is broken', (metric) => {
    expect(makeResult(withBroken(metric)).held).toBe(false);
  });

  it('has not held when k6 did not come to its end', () => {
    expect(makeResult({ ...remains, isComplete: false }).held).toBe(false);
  });

  it('of a search for the limit has held when only the limit was broken', () => {
    const plan = { ...remains.plan, findsLimit: true };

    expect(makeResult({ ...withBroken('http_req_failed{act:climb}'), plan })).toMatchObject({
      held: true,
      limit: { requestsPerSecond: 200 },
      // The comparison of the books came after it.
      options: { seconds: 2 },
    });
    expect(makeResult({ ...withBroken('books_agree'), plan }).held).toBe(false);
  });

  it('shows nothing of what came after the load', () => {
    expect(makeResult(remains).timeline.map(({ second }) => second)).toEqual([1, 2, 3]);
  });
});
