import { describe, expect, it } from 'vitest';
import { redact, redactText } from './redact.ts';

describe('redacting by name', () => {
  it.each([
    'password',
    'newPassword',
    'PASSWORD_HASH',
    'accessToken',
    'refresh_token',
    'x-service-token',
    'authorization',
    'Authorization',
    'cookie',
    'Set-Cookie',
    'clientSecret',
    'apiKey',
    'private_key',
    'stripe-signature',
    'recoveryCodes',
    'cardNumber',
    'card',
    'cvc',
    'totp',
  ])('hides the value under %s, whatever it is', (name) => {
    expect(redact({ [name]: 'hunter2' })).toEqual({ [name]: '[redacted]' });
    expect(redact({ deep: [{ [name]: { inside: 'hunter2' } }] })).toEqual({ deep: [{ [name]: '[redacted]' }] });
  });

  it.each(['tokenType', 'code', 'key', 'cardinality', 'company', 'idempotencyKey', 'orderId'])(
    'shows the value under %s',
    (name) => {
      expect(redact({ [name]: 'plain' })).toEqual({ [name]: 'plain' });
    },
  );
});

describe('redacting by form', () => {
  it.each([
    ['Bearer abcdefgh12345678', 'Bearer [redacted]'],
    ['authorization: Basic dXNlcjpwYXNzd29yZA==', 'authorization: Basic [redacted]'],
    ['token eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln was refused', 'token [redacted] was refused'],
    ['key sk_test_4eC39HqLyjWDarjtT1zdp7dc', 'key [redacted]'],
    ['signed with whsec_abcdef123456', 'signed with [redacted]'],
    ['connect postgresql://app:s3cret@db:5432/order_db', 'connect postgresql://app:[redacted]@db:5432/order_db'],
    ['connect redis://:s3cret@cache:6379', 'connect redis://:[redacted]@cache:6379'],
  ])('hides the secret of "%s"', (text, expected) => {
    expect(redactText(text)).toBe(expected);
  });

  it('leaves ordinary text alone', () => {
    const text = 'GET http://product:3003/v1/products?q=basic%20shirt took 12 ms, bearer of news, user@example.com';

    expect(redactText(text)).toBe(text);
  });

  it('cuts a text that would fill the log', () => {
    expect(redactText('x'.repeat(10_000))).toBe(`${'x'.repeat(8_192)}… (10000 characters)`);
  });
});

describe('a hostile text', () => {
  it.each(['eyJ', '-eyJ', 'a.', 'a:', '://:', 'bearer ', 'sk_', 'a://a:', 'eyJaaaaaaaa.'])(
    'made of "%s" is searched in time',
    (part) => {
      const startedAt = performance.now();

      redactText(part.repeat(8_192));

      // Measured: at most 13 ms; the bound leaves room for a busy machine and still catches a quadratic search, which takes seconds.
      expect(performance.now() - startedAt).toBeLessThan(250);
    },
  );
});

describe('copying for the log', () => {
  it('writes an error with stack, cause and its own fields', () => {
    const cause = new Error('connect to postgresql://app:s3cret@db refused');
    const error = Object.assign(new Error('no order', { cause }), { code: 'order-lost', password: 'hunter2' });

    const copied = redact({ error }) as { error: Record<string, unknown> };

    expect(copied.error).toMatchObject({ name: 'Error', message: 'no order', code: 'order-lost', password: '[redacted]' });
    expect(copied.error.stack).toContain('redact.spec.ts');
    expect(copied.error.cause).toMatchObject({ message: 'connect to postgresql://app:[redacted]@db refused' });
    expect(JSON.stringify(copied)).not.toContain('s3cret');
  });

  it('writes every error of an aggregate, and the fields of a failed request', () => {
    const aggregate = new AggregateError([new Error('first'), new Error('second')], 'both failed');
    const invalid = Object.assign(new Error('invalid'), { errors: [{ field: 'email', message: 'is missing' }] });

    expect(redact(aggregate)).toMatchObject({ message: 'both failed', errors: [{ message: 'first' }, { message: 'second' }] });
    expect(redact(invalid)).toMatchObject({ errors: [{ field: 'email', message: 'is missing' }] });
  });

  it('survives an error without a stack', () => {
    const error = new Error('bare');
    error.stack = undefined;

    expect(redact(error)).toEqual({ name: 'Error', message: 'bare', stack: '' });
  });

  it('copes with what JSON cannot say', () => {
    const circular: Record<string, unknown> = { name: 'loop' };
    circular.self = circular;
    const hostile = {
      get trap() {
        throw new Error('a getter that throws');
      },
    };

    expect(redact(circular)).toEqual({ name: 'loop', self: '[circular]' });
    expect(redact(hostile)).toBe('[unreadable]');
    expect(redact({ big: 10n ** 20n, run: () => 1, mark: Symbol('x'), none: null, missing: undefined })).toEqual({
      big: '100000000000000000000',
      run: '[function]',
      mark: '[symbol]',
      none: null,
      missing: undefined,
    });
  });

  it('writes dates, URLs, maps, sets and bytes in a word', () => {
    expect(redact(new Date(0))).toBe('1970-01-01T00:00:00.000Z');
    expect(redact(new Date(Number.NaN))).toBe('[invalid date]');
    expect(redact(new URL('redis://:s3cret@cache:6379'))).toBe('redis://:[redacted]@cache:6379');
    expect(redact(new Map([['a', 1]]))).toEqual({ a: 1 });
    expect(redact(new Set(['a']))).toEqual(['a']);
    expect(redact(Buffer.from('secret bytes'))).toBe('[12 bytes]');
    expect(redact(new ArrayBuffer(3))).toBe('[3 bytes]');
  });

  it('hides the secret entries of a map as it does those of an object', () => {
    expect(JSON.stringify(redact(new Map([['password', 'hunter2']])))).not.toContain('hunter2');
  });

  it('bounds depth and length, and names the same object twice without calling it a circle', () => {
    const deep = Array.from({ length: 20 }).reduce<unknown>((inner) => ({ inner }), 'bottom');
    const twice = { colour: 'red' };

    expect(JSON.stringify(redact(deep))).toContain('[too deep]');
    expect(redact(Array.from({ length: 150 }, () => 1))).toEqual([...Array.from({ length: 100 }, () => 1), '[50 more]']);
    expect(redact([twice, twice])).toEqual([twice, twice]);
  });

  it('does not change what it copies', () => {
    const fields = Object.freeze({ password: 'hunter2', inside: Object.freeze({ token: 't' }) });

    redact(fields);

    expect(fields).toEqual({ password: 'hunter2', inside: { token: 't' } });
  });
});
