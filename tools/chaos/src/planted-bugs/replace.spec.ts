import { describe, expect, it } from 'vitest';
import { replace, replaceAll } from './replace.ts';

const file = 'services/order/src/orders/order.ts';

describe('a planted bug', () => {
  it('replaces one text and leaves the rest', () => {
    expect(replace('a $1 b', { file, old: '$1', new: "$& $' $1" })).toBe("a $& $' $1 b");
  });

  it.each([
    ['0 times', 'the code has moved on'],
    ['2 times', 'old text here, and old text there'],
  ])('is refused when its text stands %s in the file', (times, source) => {
    expect(() => replace(source, { file, old: 'old text', new: 'x' })).toThrow(`stands ${times} in ${file}`);
  });

  it('may replace several texts of one file', () => {
    const replacements = [
      { file, old: 'one', new: 'two' },
      { file, old: 'three', new: 'four' },
    ];

    expect([...replaceAll(replacements, () => 'one three')]).toEqual([[file, 'two four']]);
  });
});
