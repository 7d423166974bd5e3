import { describe, expect, it } from 'vitest';
import { ParsedTexts } from './parsed-texts.ts';

describe('parsed texts', () => {
  it('are the same value as long as they are the same text', () => {
    const texts = new ParsedTexts();
    const first = texts.parse('a', '{"price":1}');

    expect(texts.parse('a', '{"price":1}')).toBe(first);
    expect(texts.parse('a', '{"price":2}')).toEqual({ price: 2 });
    expect(texts.parse('a', '{"price":1}')).toEqual(first);
  });

  it('of one key say nothing of another', () => {
    const texts = new ParsedTexts();

    expect(texts.parse('b', '[1]')).not.toBe(texts.parse('a', '[1]'));
  });

  it('must be JSON, and one that is none changes nothing', () => {
    const texts = new ParsedTexts();
    const first = texts.parse('a', '[1]');

    expect(() => texts.parse('a', '[1')).toThrow(SyntaxError);
    expect(texts.parse('a', '[1]')).toBe(first);
  });

  it('are forgotten when there are too many, the oldest first', () => {
    const texts = new ParsedTexts();
    const long = JSON.stringify('x'.repeat(400_000));
    const [one, two] = [texts.parse('1', `[${long}]`), texts.parse('2', `[${long}]`)];

    texts.parse('3', `[${long}]`);

    expect(texts.parse('2', `[${long}]`)).toBe(two);
    expect(texts.parse('1', `[${long}]`)).not.toBe(one);
  });
});
