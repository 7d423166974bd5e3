import { describe, expect, it, vi } from 'vitest';
import { ageOf, conditional, tagOf } from './conditional.ts';

describe('a conditional answer', () => {
  it.each([undefined, '"other"', 'W/"other"', '', '"a', 'a'])('sends the body to If-None-Match %s', (header) => {
    expect(conditional(header, '"a"', () => 'body', { 'cache-control': 'public', vary: 'accept' })).toMatchObject({
      status: 200,
      body: 'body',
      headers: { etag: '"a"', 'cache-control': 'public', vary: 'accept' },
    });
  });

  it.each(['"a"', 'W/"a"', '"x", W/"a" ,"y"', '*', ' * '])('sends none to If-None-Match %s, nor makes it', (header) => {
    const body = vi.fn();

    expect(conditional(header, '"a"', body, { age: '3' })).toMatchObject({
      status: 304,
      body: undefined,
      headers: { etag: '"a"', age: '3' },
    });
    expect(body).not.toHaveBeenCalled();
  });

  it('says how old it is, in whole seconds and never too young, only when it is a copy', () => {
    expect(ageOf({})).toEqual({});
    expect(ageOf({ staleForMs: 1_200 })).toEqual({ age: '2', 'cache-status': 'product; hit; ttl=-2' });
  });

  it('has a tag of what is in it', () => {
    expect(tagOf('a')).toMatch(/^"[\w-]{22}"$/);
    expect(tagOf('a')).toBe(tagOf('a'));
    expect(tagOf('a')).not.toBe(tagOf('b'));
  });
});
