import { describe, expect, it } from 'vitest';
import { figure, tableOf } from './table.ts';

describe('the table', () => {
  it('has one line for each scenario, and one for its statements', () => {
    const text = tableOf([
      {
        at: '2026-11-21T20:00:00.000Z',
        commit: 'c0ffee',
        name: 'purchase',
        title: '',
        done: 100,
        requestsPerCpuSecond: 166.66,
        requestsPerSecond: 150,
        cpuMs: { gateway: 1, order: 5 },
        totalCpuMs: 6,
        p50Ms: 20,
        p99Ms: 60,
        ratio: { of: 'order-transaction', median: 0.123_456, lowest: 0.1, highest: 0.15 },
        statements: { perRequest: 24.98, transactionControl: 12, byDatabase: { order_db: 15, payment_db: 9.98 } },
      },
    ]);

    expect(text.split('\n')[1]).toMatch(
      /^purchase +167 +6 +150 +20 +60 +0\.123 +\(0\.1–0\.15\) +order-transaction +gateway 1, order 5$/,
    );
    expect(text).toContain(
      'purchase: 25.0 SQL statements each (order_db 15.0, payment_db 10.0), and 12.0 begin, commit and the like',
    );
  });

  it.each([
    [12_345.6, '12346'],
    [0.012_345, '0.0123'],
    [Number.NaN, '–'],
  ])('writes %d as %s', (value, text) => {
    expect(figure(value)).toBe(text);
  });
});
