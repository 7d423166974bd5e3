import { describe, expect, it } from 'vitest';
import { limitIn } from './limit.ts';
import { readRecording } from './recording.ts';

const line = (event: string, data: unknown) => JSON.stringify({ event, data });
const aggregates = {
  counter: ['count', 'rate'],
  gauge: ['value'],
  rate: ['rate'],
  trend: ['avg', 'max', 'med', 'min', 'p(90)', 'p(95)', 'p(99)'],
};
const text = [
  line('param', { aggregates }),
  line('metric', { time: { type: 'gauge' } }),
  line('start', [[1_000]]),
  line('metric', { http_req_failed: { type: 'rate' }, http_reqs: { type: 'counter' }, vus: { type: 'gauge' } }),
  line('metric', { http_req_duration: { type: 'trend' } }),
  line('snapshot', [[5, 90, 4, 1, 7, 8, 9], [0.25], [200, 100], [3_000], [12]]),
  line('cumulative', [[1, 1, 1, 1, 1, 1, 1], [0], [1, 1], [3_000], [1]]),
  '{"event":"snapsh',
].join('\n');

describe('a recording of k6', () => {
  it('has a point for each period, its numbers found by the order of the names', () => {
    const point = { second: 2, requestsPerSecond: 100, errorShare: 0.25, p50Ms: 4, p95Ms: 8, p99Ms: 9, visitors: 12 };

    expect(readRecording(text)).toEqual({ beganAt: 1_000, points: [point] });
  });

  it('of a run that never began is empty', () => {
    expect(readRecording('')).toEqual({ beganAt: undefined, points: [] });
  });
});

describe('the limit', () => {
  const point = (second: number, requestsPerSecond: number, p95Ms = 20, errorShare = 0) => ({
    ...{ second, requestsPerSecond, p95Ms, errorShare },
    ...{ p50Ms: 5, p99Ms: 30, visitors: 1 },
  });

  it('is the most before it broke, and what broke is named', () => {
    expect(limitIn([point(1, 100), point(2, 200), point(3, 300, 900), point(4, 400, 950)])).toEqual({
      requestsPerSecond: 200,
      second: 2,
      brokenBy: 'p95 900 ms',
    });
  });

  it('is not reached by a hiccup', () => {
    expect(limitIn([point(1, 100), point(2, 200, 900), point(3, 300)])).toMatchObject({
      requestsPerSecond: 300,
      brokenBy: undefined,
    });
  });

  it('is reached by errors too', () => {
    expect(limitIn([point(1, 100), point(2, 200, 20, 0.05)])).toMatchObject({ brokenBy: '5.0 % errors' });
  });

  it('is unknown when nothing was measured', () => {
    expect(limitIn([])).toBeUndefined();
  });
});
