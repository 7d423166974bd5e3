import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { env } from './env.ts';
import { Unreadable } from './variable.ts';

describe('reading a variable', () => {
  it.each([
    ['0', 0],
    ['65535', 65_535],
    [' 80 ', 80],
  ])('takes %j for a port', (text, value) => {
    expect(env.port('PORT').read(text)).toBe(value);
  });

  it.each(['-1', '65536', '80.5', '8e1', '0x50', 'http', '8080/tcp'])('does not take %j for a port', (text) => {
    expect(() => env.port('PORT').read(text)).toThrow(Unreadable);
  });

  it('keeps an integer within its bounds, both included', () => {
    const variable = env.integer('POOL', { min: 2, max: 200, default: 20 });

    expect([variable.read('2'), variable.read('200'), env.integer('ANY').read('-7')]).toEqual([2, 200, -7]);
    expect(() => variable.read('1')).toThrow('must be a whole number from 2 to 200');
    expect(() => variable.read('201')).toThrow(Unreadable);
    expect(() => env.integer('ANY').read('9007199254740993')).toThrow(Unreadable);
  });

  it('wants the unit of a duration in its name, and no duration a timer cannot keep', () => {
    expect(() => env.duration('TIMEOUT')).toThrow('TIMEOUT_MS');
    expect(env.duration('TIMEOUT_MS').read('2147483647')).toBe(2_147_483_647);
    expect(() => env.duration('TIMEOUT_MS').read('2147483648')).toThrow(Unreadable);
    expect(() => env.duration('TIMEOUT_MS').read('-1')).toThrow(Unreadable);
    expect(() => env.duration('TIMEOUT_MS', { min: 10, max: 20 }).read('21')).toThrow(Unreadable);
  });

  it.each([
    ['http://product:3003/', 'http://product:3003'],
    [' https://a.example/base/ ', 'https://a.example/base'],
    ['postgresql://app:p%40ss@db:5432/order_db', 'postgresql://app:p%40ss@db:5432/order_db'],
  ])('takes %j for a URL', (text, value) => {
    expect(env.url('URL').read(text)).toBe(value);
  });

  it.each(['product:3003', '/v1', 'not a url', 'http://', 'mailto:a@b.example'])('does not take %j for a URL', (text) => {
    expect(() => env.url('URL').read(text)).toThrow(Unreadable);
  });

  it('reads a switch, and nothing that only looks like one', () => {
    const { read } = env.boolean('FLAG');

    expect(['true', '1', 'false', '0', ' true '].map(read)).toEqual([true, true, false, false, true]);
    for (const text of ['no', 'TRUE', 'yes', 'constructor']) expect(() => read(text)).toThrow('must be true or false');
  });

  it('reads one of some words', () => {
    const { read } = env.oneOf('LEVEL', ['info', 'warn']);

    expect(read('warn')).toBe('warn');
    expect(() => read('Warn')).toThrow('must be one of info, warn');
  });

  it('reads a list', () => {
    expect(env.list('PROXIES', { default: [] }).read(' 10.0.0.0/8, ,127.0.0.1,')).toEqual(['10.0.0.0/8', '127.0.0.1']);
  });

  it('leaves texts and secrets as they are: a PEM ends with a line end', () => {
    expect(env.string('NAME').read(' a ')).toBe(' a ');
    expect(env.secret('KEY').read('-----END PRIVATE KEY-----\n')).toBe('-----END PRIVATE KEY-----\n');
  });

  it('reads JSON of a shape, with the defaults of the shape', () => {
    const { read } = env.json('LIMITS', z.object({ perMinute: z.int(), burst: z.int().default(5) }));

    expect(read('{"perMinute":60}')).toEqual({ perMinute: 60, burst: 5 });
    expect(() => read('{"perMinute":"many"}')).toThrow('wrong: perMinute (invalid_type)');
    expect(() => read('[]')).toThrow('wrong: the value (invalid_type)');
    expect(() => read('{')).toThrow('must be valid JSON');
  });

  it('knows which variables are secrets', () => {
    expect(env.secret('KEY').secret).toBe(true);
    expect(env.json('KEYS', z.unknown(), { secret: true }).secret).toBe(true);
    expect([env.string('A').secret, env.json('B', z.unknown()).secret]).toEqual([false, false]);
  });
});
