import { describe, expect, it } from 'vitest';
import { AppError } from './app-error.ts';
import { failureText } from './failure-text.ts';

const databaseError = (members: object) =>
  Object.assign(new Error('duplicate key value: insert into accounts (email) values ($1)'), {
    ...{ name: 'error', severity: 'ERROR', code: '23505', detail: 'Key (email)=(ada@example.com) already exists.' },
    ...members,
  });
const refused = Object.assign(new Error('connect ECONNREFUSED 10.1.2.3:5432'), { code: 'ECONNREFUSED', syscall: 'connect' });
const zodError = Object.assign(new Error('[{"code":"too_big"}]'), {
  name: 'ZodError',
  issues: [{ path: ['items', 0, 'quantity'], message: 'Too big' }, { path: [], message: 'Odd' }, null],
});

describe('the text of a failure', () => {
  it.each([
    [new Error('the shelf is broken'), 'Error: the shelf is broken'],
    [new TypeError('x is not a function\n    at shelf (/srv/app/shelf.js:3:4)'), 'TypeError: x is not a function'],
    [
      new AppError('unavailable', 'product-timeout', 'The product service did not answer.'),
      'product-timeout: The product service did not answer.',
    ],
    [databaseError({}), 'database error 23505'],
    [databaseError({ constraint: 'accounts_email_key' }), 'database error 23505 (accounts_email_key)'],
    [refused, 'connect failed: ECONNREFUSED'],
    [zodError, 'ZodError: items.0.quantity: Too big; Odd; undefined'],
    ['a plain reason', 'a plain reason'],
    [undefined, 'undefined'],
    [null, 'null'],
    [{}, 'Error: '],
    [new Error('no\0pe'), 'Error: nope'],
  ])('of %s is %s', (error, text) => {
    expect(failureText(error)).toBe(text);
  });

  it.each([
    'GET http://product.internal:3003/v1/products?q=1 failed',
    'cannot reach 10.20.30.40:6379',
    'cannot reach 10.20.30.40',
    'cannot reach postgres-0.postgres.svc:5432 any more',
    'cannot reach localhost:5432',
    'postgres://order_app:secret@db/order_db is away',
    'ENOENT: no such file, open /srv/emporium/services/order/dist/main.js',
  ])('names no address and no path: %s', (message) => {
    expect(failureText(new Error(message))).toContain('[address]');
    expect(failureText(new Error(message))).not.toMatch(/\/\/|\d+\.\d+\.\d+|:\d{2,}|svc|secret|srv|internal/);
  });

  it('leaves event types, keys and ids as they are', () => {
    const message = 'order.confirmed.v1 of b4f4c7b4-26b1-4d27-9a0c-0f7d8a3f2c11 took longer than 10000 ms: 3 of 4';

    expect(failureText(new Error(message))).toBe(`Error: ${message}`);
  });

  it('is cut, and found quickly, however long the message', () => {
    const startedAt = performance.now();

    for (const part of ['a.', '/a', 'a:', '1.', 'a-'])
      expect(failureText(new Error(part.repeat(500_000))).length).toBeLessThanOrEqual(500);

    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});
