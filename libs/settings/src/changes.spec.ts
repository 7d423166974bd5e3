import { describe, expect, it } from 'vitest';
import { changesBetween } from './changes.ts';

describe('the changes between two trees of settings', () => {
  it('are named by their paths, with what was and what is', () => {
    const before = { timeoutMs: 100, breaker: { enabled: true, volume: 10 }, list: [1, 2] };

    expect(changesBetween(before, { timeoutMs: 200, breaker: { enabled: true, volume: 5 }, list: [2, 1] })).toEqual({
      timeoutMs: { from: 100, to: 200 },
      'breaker.volume': { from: 10, to: 5 },
      list: { from: [1, 2], to: [2, 1] },
    });
  });

  it('are none between equal trees', () => {
    expect(changesBetween({ a: { b: 1 }, c: [1] }, { c: [1], a: { b: 1 } })).toEqual({});
  });

  it('tell what came and what went', () => {
    expect(changesBetween({ went: 1 }, { came: { by: 2 } })).toEqual({
      went: { from: 1, to: undefined },
      'came.by': { from: undefined, to: 2 },
    });
  });
});
