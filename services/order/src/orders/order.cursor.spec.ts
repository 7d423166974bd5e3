import { describe, expect, it } from 'vitest';
import { fromCursor, toCursor } from './order.cursor.ts';

const position = { createdAt: new Date('2026-01-01T00:00:00.123Z'), id: '0a7f7b1e-2b1f-4a52-9a1f-0f6a2f1f0002' };

describe('a cursor', () => {
  it('leads back to its position', () => {
    expect(fromCursor(toCursor(position))).toEqual({ createdAt: '2026-01-01T00:00:00.123Z', id: position.id });
    expect(fromCursor(undefined)).toBeUndefined();
  });

  it.each([
    'AAAA',
    Buffer.from('[]').toString('base64url'),
    Buffer.from('["2026","x"]').toString('base64url'),
    Buffer.from('{"a":1}').toString('base64url'),
    Buffer.from(JSON.stringify(['0000-01-01T00:00:00.000Z', position.id])).toString('base64url'),
  ])('that nobody gave out (%s) is a bad field', (cursor) => {
    expect(() => fromCursor(cursor)).toThrow(expect.objectContaining({ kind: 'invalid', code: 'invalid-request' }));
  });
});
