import { describe, expect, it } from 'vitest';
import { fromCursor, toCursor } from './payment.cursor.ts';

describe('the cursor of a page of payments', () => {
  it('gives back what it was made from', () => {
    const position = { at: new Date('2026-11-21T12:00:00.123Z'), id: '0b1c4dfe-1c9a-4d68-9a5e-0f6a4f3f5a01' };

    expect(fromCursor(toCursor(position))).toEqual(position);
  });

  it.each([
    '',
    'nonsense',
    '2026-11-21T12:00:00.123Z|not-a-uuid-at-all-but-36-characters!',
    '2026-99-99T12:00:00.123Z|0b1c4dfe-1c9a-4d68-9a5e-0f6a4f3f5a01',
  ])('refuses %j with a problem about the field', (text) => {
    const cursor = Buffer.from(text).toString('base64url');

    expect(() => fromCursor(cursor)).toThrow(expect.objectContaining({ kind: 'invalid' }));
  });
});
