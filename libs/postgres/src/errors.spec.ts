import { AppError } from '@emporium/errors';
import { describe, expect, it } from 'vitest';
import { isCheckViolation, isForeignKeyViolation, isRetryable, isUniqueViolation, toAppError } from './errors.ts';

const failure = (code: string, message = 'boom') => Object.assign(new Error(message), { code });

describe('what callers see of a failure', () => {
  it.each(['57P01', '57P03', '08006', '53300', '25006', 'ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EAI_AGAIN'])(
    'calls %s an unavailable database and asks to come back in a second',
    (code) => {
      const cause = failure(code);

      expect(toAppError(cause)).toMatchObject({ kind: 'unavailable', code: 'database-unavailable', retryAfterSeconds: 1, cause });
    },
  );

  it.each([
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'Client has encountered a connection error and is not queryable',
    'Cannot use a pool after calling end on the pool',
  ])('knows the connection error that comes without a code: %s', (message) => {
    expect(toAppError(new Error(message))).toMatchObject({ code: 'database-unavailable' });
  });

  it.each(['55P03', '57014', '40001', '40P01'])('calls %s a busy database', (code) => {
    expect(toAppError(failure(code))).toMatchObject({ kind: 'unavailable', code: 'database-busy', retryAfterSeconds: 1 });
  });

  it.each(['22021', '22P05'])('blames the caller for text that cannot be stored (%s)', (code) => {
    expect(toAppError(failure(code))).toMatchObject({ kind: 'invalid', code: 'invalid-request' });
  });

  it('passes everything else on unchanged', () => {
    const bug = failure('42601');
    const foreseen = new AppError('conflict', 'taken', 'Taken.');

    expect(toAppError(bug)).toBe(bug);
    expect(toAppError(foreseen)).toBe(foreseen);
    expect(toAppError('text')).toBe('text');
    expect(toAppError(undefined)).toBe(undefined);
  });
});

describe('questions about a failure', () => {
  it('tells the violations apart, by constraint when asked', () => {
    const taken = Object.assign(failure('23505'), { constraint: 'users_email_key' });

    expect(isUniqueViolation(taken)).toBe(true);
    expect(isUniqueViolation(taken, 'users_email_key')).toBe(true);
    expect(isUniqueViolation(taken, 'orders_pkey')).toBe(false);
    expect(isCheckViolation(failure('23514'))).toBe(true);
    expect(isForeignKeyViolation(failure('23503'))).toBe(true);
    expect(isCheckViolation(taken)).toBe(false);
    expect(isUniqueViolation(null)).toBe(false);
    expect(isUniqueViolation('23505')).toBe(false);
  });

  it('recognises a deadlock behind the AppError made of it', () => {
    expect(isRetryable(failure('40P01'))).toBe(true);
    expect(isRetryable(toAppError(failure('40001')))).toBe(true);
    expect(isRetryable(toAppError(failure('55P03')))).toBe(false);
    expect(isRetryable(new Error('no code'))).toBe(false);
  });
});
