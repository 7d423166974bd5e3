import { describe, expect, it } from 'vitest';
import { AppError, invalidField } from './app-error.ts';

describe('a foreseen failure', () => {
  it('is an Error with a stack, a kind and a code', () => {
    const error = new AppError('conflict', 'order-cannot-change', 'Order 1 is paid.');

    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'AppError', kind: 'conflict', code: 'order-cannot-change', message: 'Order 1 is paid.' });
    expect(error.stack).toContain('app-error.spec.ts');
  });

  it('keeps its cause', () => {
    const cause = new Error('connect ECONNREFUSED');

    expect(new AppError('unavailable', 'database-unavailable', 'No database.', { cause }).cause).toBe(cause);
    expect(new AppError('unavailable', 'database-unavailable', 'No database.')).not.toHaveProperty('cause');
  });

  it('names the bad field of a request', () => {
    const error = invalidField('items.0.quantity', 'must be at least 1');

    expect(error).toMatchObject({
      kind: 'invalid',
      code: 'invalid-request',
      message: 'The field items.0.quantity must be at least 1.',
    });
    expect(error.errors).toEqual([{ field: 'items.0.quantity', message: 'must be at least 1' }]);
  });
});
