import { describe, expect, it } from 'vitest';
import { fingerprint } from './fingerprint.ts';

describe('a fingerprint', () => {
  it('is the same for what means the same', () => {
    expect(fingerprint({ a: 1, b: { c: [1, 2], d: 'x' } })).toBe(fingerprint({ b: { d: 'x', c: [1, 2], e: undefined }, a: 1 }));
  });

  it.each([
    ['a value', { a: 1 }, { a: 2 }],
    ['a type', { a: 1 }, { a: '1' }],
    ['the order of a list', [1, 2], [2, 1]],
    ['null for nothing', { a: null }, {}],
    ['an object that looks like its canonical form', { pairs: [['a', 1]] }, { a: 1 }],
    ['an own member named __proto__', JSON.parse('{"__proto__":1}'), {}],
  ])('tells apart %s', (_what, one, other) => {
    expect(fingerprint(one)).not.toBe(fingerprint(other));
  });

  it('does not let parts run into each other', () => {
    expect(fingerprint('ab', 'c')).not.toBe(fingerprint('a', 'bc'));
    expect(fingerprint('a')).not.toBe(fingerprint('a', undefined));
  });

  it('takes a date as it is sent', () => {
    expect(fingerprint(new Date(0))).toBe(fingerprint('1970-01-01T00:00:00.000Z'));
  });

  it('is short and printable', () => {
    expect(fingerprint('POST', { big: 'x'.repeat(100_000) })).toMatch(/^[0-9a-f]{64}$/);
  });
});
