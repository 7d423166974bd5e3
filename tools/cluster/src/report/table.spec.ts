import { describe, expect, it } from 'vitest';
import { tableOf } from './table.ts';

describe('the table', () => {
  it('shows what was measured and what was wrong, and counts what was not run', () => {
    const table = tableOf([
      { id: 'purchase', verdict: 'held', tookMs: 2_100, measured: ['bought in 80 ms', 'books agree'], wrong: [] },
      { id: 'root-pod', verdict: 'BROKEN', tookMs: 900, measured: [], wrong: ['it runs'] },
      { id: 'autoscaling-requests', verdict: 'not run', tookMs: 0, measured: ['no custom metrics'], wrong: [] },
    ]);

    expect(table.split('\n')).toEqual([
      '',
      'experiment            verdict    took  measured',
      'purchase              held        2 s  bought in 80 ms',
      '                                       books agree',
      'root-pod              BROKEN      1 s  ✗ it runs',
      'autoscaling-requests  not run     0 s  no custom metrics',
      '',
      '1 held, 1 broken, 1 not run',
    ]);
  });
});
