import { describe, expect, it } from 'vitest';
import { AppError } from './app-error.ts';
import { errorKinds, kindOfStatus, statusOf, titleOf } from './kind.ts';
import { fromProblem, problemType, toProblem } from './problem.ts';

const request = { instance: '/v1/orders', requestId: 'r-1' };

describe('a kind', () => {
  it('has one status, and the status leads back to it', () => {
    expect(errorKinds).toHaveLength(16);
    for (const kind of errorKinds) {
      expect(kindOfStatus(statusOf(kind))).toBe(kind);
      expect(titleOf(kind)).not.toBe('');
    }
  });

  it.each([200, 302, 418, 500, 502])('does not exist for status %i', (status) => {
    expect(kindOfStatus(status)).toBeUndefined();
  });
});

describe('a problem', () => {
  it('says what is true, where it happened and under which code', () => {
    const error = new AppError('not-found', 'order-not-found', 'There is no order 1.');

    expect(toProblem(error, request)).toEqual({
      type: 'https://emporium.example/problems/order-not-found',
      title: 'Not Found',
      status: 404,
      detail: 'There is no order 1.',
      instance: '/v1/orders',
      requestId: 'r-1',
      code: 'order-not-found',
    });
  });

  it('lists bad fields, extensions and when to try again', () => {
    const error = new AppError('unavailable', 'busy', 'Busy.', {
      errors: [{ field: 'email', message: 'is missing' }],
      retryAfterSeconds: 0,
      extensions: { orderId: 'o-1' },
    });

    expect(toProblem(error, request)).toMatchObject({
      errors: [{ field: 'email', message: 'is missing' }],
      retryAfterSeconds: 0,
      orderId: 'o-1',
    });
  });

  it('cannot be bent by an extension that is named as one of its own members', () => {
    const error = new AppError('forbidden', 'not-yours', 'No.', {
      extensions: { status: 200, code: 'fine', requestId: 'other' },
    });

    expect(toProblem(error, request)).toMatchObject({ status: 403, code: 'not-yours', requestId: 'r-1' });
  });

  it.each([
    new Error('relation "orders" does not exist'),
    'a thrown text',
    undefined,
    null,
    { kind: 'conflict', code: 'forged' },
  ])('tells nothing about what was not foreseen (%s)', (error) => {
    expect(toProblem(error, request)).toEqual({
      type: problemType('internal'),
      title: 'Internal Server Error',
      status: 500,
      detail: 'Something went wrong on our side.',
      code: 'internal',
      ...request,
    });
  });

  it('never shows the cause', () => {
    const error = new AppError('unavailable', 'database-unavailable', 'No database.', { cause: new Error('password wrong') });

    expect(JSON.stringify(toProblem(error, request))).not.toContain('password');
  });
});

describe('an upstream problem', () => {
  it.each(errorKinds)('comes back as the same failure (%s)', (kind) => {
    const sent = new AppError(kind, 'some-code', 'Some detail.', {
      errors: [{ field: 'a.0', message: 'is odd' }],
      retryAfterSeconds: 3,
      extensions: { orderId: 'o-1' },
    });

    const body = JSON.parse(JSON.stringify(toProblem(sent, request)));
    const received = fromProblem(statusOf(kind), body);

    const { kind: itsKind, code, message, errors, retryAfterSeconds, extensions } = sent;
    expect(received).toMatchObject({ kind: itsKind, code, message, errors, retryAfterSeconds, extensions });
  });

  it.each([undefined, null, 'Bad Gateway', 42, [], {}, { code: 7, detail: false, errors: 'none', retryAfterSeconds: 'soon' }])(
    'with the body %j costs only the details',
    (body) => {
      const error = fromProblem(409, body);

      expect(error).toMatchObject({ kind: 'conflict', code: 'conflict', message: 'The upstream answered with status 409.' });
      expect([error.errors, error.retryAfterSeconds]).toEqual([undefined, undefined]);
    },
  );

  it('is unavailable for a status above 500 without a kind, and invalid for one below', () => {
    expect([500, 502, 599, 302].map((status) => fromProblem(status, {}).kind)).toEqual(Array(4).fill('unavailable'));
    expect([406, 418, 499].map((status) => fromProblem(status, {}).kind)).toEqual(Array(3).fill('invalid'));
  });

  it('keeps of the field errors those that are some', () => {
    const errors = [{ field: 'a', message: 'is odd', value: 'secret' }, { field: 1, message: 'no' }, null, 'text'];

    expect(fromProblem(400, { errors }).errors).toEqual([{ field: 'a', message: 'is odd' }]);
  });

  it.each([-1, 1.5, Number.NaN, '3'])('does not believe a retry after %s seconds', (retryAfterSeconds) => {
    expect(fromProblem(503, { retryAfterSeconds }).retryAfterSeconds).toBeUndefined();
  });
});
