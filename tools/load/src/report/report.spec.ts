import { describe, expect, it } from 'vitest';
import { chartOf, roundUp } from './chart.ts';
import { mebibytes, milliseconds, percent, spelled } from './in-words.ts';
import { pageOf } from './page.ts';
import type { Result } from './result.ts';
import { tableOf } from './table.ts';

const row = (name: string) => ({
  ...{ name, requests: 6_000, requestsPerSecond: 100, p50Ms: 4.2, p95Ms: 48.6, p99Ms: 90, maxMs: 11_000, errorShare: 0.0042 },
});
const use = (name: string, cpuSeconds: number) => ({
  ...{ name, cpuSeconds, memoryFirstBytes: 1_048_576, memoryPeakBytes: 3_145_728, memoryLastBytes: 2_097_152 },
  memoryGrowthBytesPerHour: undefined,
});
const result: Result = {
  profile: 'load',
  startedAt: '2026-11-21T20:00:00.000Z',
  machine: {
    ...{ processor: 'A <Processor>', cores: 2, memoryBytes: 8_589_934_592, system: 'Linux 6', node: 'v24', k6: 'k6 v1.8.1' },
    ...{ commit: 'abc', changed: true },
  },
  options: {
    ...{ rate: 100, riseSeconds: 0, seconds: 60, mix: { signIn: 0.1, cart: 0.9 }, target: undefined, settings: { A: '1' } },
    ...{ replicas: 1, data: undefined },
  },
  total: row('all'),
  journeys: [row('signIn'), row('cart')],
  acts: [],
  purchases: 360,
  dropped: 2,
  unclean: 0,
  books: { differences: 0, ordersLeftPending: 0, agree: true },
  thresholds: [{ metric: 'http_req_failed{act:visit}', condition: 'rate<0.01', held: true }],
  limit: undefined,
  servers: [use('gateway', 12), use('postgres', 6), use('k6', 30)],
  othersCpuSeconds: 3,
  restarts: { order: 0 },
  timeline: [
    { second: 1, requestsPerSecond: 90, errorShare: 0, p50Ms: 4, p95Ms: 40, p99Ms: 80, visitors: 5 },
    { second: 2, requestsPerSecond: 110, errorShare: 0.01, p50Ms: 5, p95Ms: 50, p99Ms: 90, visitors: 6 },
  ],
  use: [{ name: 'gateway', cores: [[1, 0.2]], memory: [[1, 1_048_576]] }],
  held: true,
};

describe('the table', () => {
  it('says how fast the memory of the servers grew, where that can be said', () => {
    const growing = (name: string, bytes: number) => ({ ...use(name, 1), memoryGrowthBytesPerHour: bytes });
    const long = { ...result, servers: [growing('gateway', 2_097_152), growing('postgres', -1_048_576), growing('k6', 9e9)] };

    expect(tableOf(long)).toContain('grew by 1 MiB an hour over the last two thirds: gateway 2 MiB, postgres -1 MiB.');
  });

  it('has a line for each journey and each process, and the servers together', () => {
    expect(tableOf(result).split('\n')).toEqual([
      '',
      'journey  requests  per second     p50    p95    p99     max  errors',
      'sign-in      6000         100  4.2 ms  49 ms  90 ms  11.0 s  0.42 %',
      'cart         6000         100  4.2 ms  49 ms  90 ms  11.0 s  0.42 %',
      'all          6000         100  4.2 ms  49 ms  90 ms  11.0 s  0.42 %',
      '',
      'process         CPU  cores  CPU per request  memory at first   peak  at last',
      'gateway      12.0 s   0.20           2.0 ms            1 MiB  3 MiB    2 MiB',
      'postgres      6.0 s   0.10           1.0 ms            1 MiB  3 MiB    2 MiB',
      'all of them  18.0 s   0.30           3.0 ms            2 MiB  6 MiB    4 MiB',
      'k6           30.0 s   0.50           5.0 ms            1 MiB  3 MiB    2 MiB',
      '',
      '360 purchases confirmed at once (6.0 a second).',
      '2 visits that k6 could not begin; 0 answers that never may be (none, 500, 502).',
      'Books: 0 differences, 0 orders left pending.',
      'Other programs used 0.05 of 2 cores.',
      '✓ load held.',
    ]);
  });

  it('says what did not hold, what died, and that the books were not compared', () => {
    const broken = tableOf({
      ...result,
      thresholds: [{ metric: 'http_req_duration{act:visit}', condition: 'p(95)<500', held: false }],
      books: { differences: undefined, ordersLeftPending: undefined, agree: false },
      restarts: { order: 2 },
      servers: [],
      held: false,
    });

    expect(broken).toContain('✗ http_req_duration{act:visit}: not p(95)<500\n✗ load did not hold.');
    expect(broken).toContain('The books were not compared.');
    expect(broken).toContain('order died and was started again, 2 times.');
    expect(broken).toContain('their use is not known');
  });

  it('says when the machine was not quiet', () => {
    expect(tableOf({ ...result, othersCpuSeconds: 30 })).toContain('0.50 of 2 cores: these figures are worse than the platform.');
    expect(tableOf({ ...result, othersCpuSeconds: undefined })).not.toContain('Other programs');
  });

  it('says where the limit is, and that finding it is no failure', () => {
    const limit = { requestsPerSecond: 900, second: 40, brokenBy: 'p95 900 ms' };
    const thresholds = [{ metric: 'http_req_duration{act:climb}', condition: 'p(95)<500', held: false }];

    expect(tableOf({ ...result, limit, thresholds })).toContain('The limit: 900 requests/s were held, then came p95 900 ms.');
    expect(tableOf({ ...result, limit, thresholds })).toContain('✓ load found the limit, and the books agree.');
    expect(tableOf({ ...result, limit: { ...limit, brokenBy: undefined } })).toContain('The limit was not reached');
  });
});

describe('the report', () => {
  const page = pageOf(result);

  it('needs nothing from anywhere', () => {
    expect(page).not.toMatch(/(src|href)=|@import|url\(|<script/);
    expect(page.match(/<svg/g)).toHaveLength(5);
  });

  it('says where, with what and with which settings', () => {
    expect(page).toContain('A &lt;Processor&gt;, 2 cores');
    expect(page).toContain('abc, with changes');
    expect(page).toContain('A=1');
    expect(page).toContain('sign-in 10.0 %, cart 90.0 %');
  });
});

describe('a chart', () => {
  it('is not drawn of nothing', () => {
    expect(chartOf({ title: 'nothing', label: String, series: [{ name: 'a', points: [] }] })).toBe('');
  });

  it('shows a limit only where the lines come near it', () => {
    const chart = { title: 'x', label: String, series: [{ name: 'a', points: [[0, 400] as const] }] };

    expect(chartOf({ ...chart, limit: 500 })).toContain('class="limit"');
    expect(chartOf({ ...chart, limit: 5_000 })).not.toContain('class="limit"');
  });

  it.each([
    [0, 1],
    [0.03, 0.05],
    [1, 1],
    [101, 200],
    [2.1, 2.5],
    [4_999, 5_000],
    [7_000, 10_000],
  ])('reaches from %d up to %d', (value, top) => {
    expect(roundUp(value)).toBeCloseTo(top, 9);
  });
});

describe('numbers', () => {
  it('are written as people read them', () => {
    expect([0.42, 12.4, 999, 12_345].map(milliseconds)).toEqual(['0.4 ms', '12 ms', '999 ms', '12.3 s']);
    expect([0, 0.00001, 0.0042, 0.5].map(percent)).toEqual(['0 %', '< 0.01 %', '0.42 %', '50.0 %']);
    expect(mebibytes(104_857_600)).toBe('100 MiB');
    expect(spelled('signIn')).toBe('sign-in');
  });
});
