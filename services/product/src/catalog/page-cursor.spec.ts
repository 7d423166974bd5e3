import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matches, sorts } from './listing.ts';
import { type Cursor, decodeCursor, encodeCursor } from './page-cursor.ts';

const id = 'c209af40-e8d1-8018-b5f2-7e170e2d44ef';
const refused = expect.objectContaining({ kind: 'invalid', errors: [expect.objectContaining({ field: 'cursor' })] });

const cursors: fc.Arbitrary<Cursor> = fc.oneof(
  fc.record({
    sort: fc.constantFrom(...sorts.filter((sort) => sort !== 'newest')),
    match: fc.constantFrom(...matches),
    key: fc.maxSafeInteger().map((key) => String(Math.trunc(key / 100))),
    id: fc.uuid(),
  }),
  fc.record({
    sort: fc.constant('newest' as const),
    match: fc.constant('words' as const),
    key: fc.date({ noInvalidDate: true, min: new Date(0), max: new Date('9999-01-01') }).map((date) => date.toISOString()),
    id: fc.uuid(),
  }),
);

describe('a page cursor', () => {
  it('comes back as it was given, and fits a query string', () => {
    fc.assert(
      fc.property(cursors, fc.option(fc.string(), { nil: undefined }), (cursor, text) => {
        const encoded = encodeCursor(cursor, text);

        expect(encoded).toMatch(/^[A-Za-z0-9_-]{1,500}$/);
        expect(decodeCursor(encoded, cursor.sort, text)).toEqual(cursor);
      }),
    );
  });

  it('is refused for another sort or another search', () => {
    const cursor = encodeCursor({ sort: 'price', match: 'words', key: '100', id }, 'lamp');

    expect(() => decodeCursor(cursor, '-price', 'lamp')).toThrow(refused);
    expect(() => decodeCursor(cursor, 'price', 'sofa')).toThrow(refused);
    expect(() => decodeCursor(cursor, 'price', undefined)).toThrow(refused);
  });

  it.each([
    ['garbage', 'garbage'],
    ['nothing', ''],
    ['JSON of another shape', encode({ sort: 'price' })],
    ['a list too short', encode(['price', 'words', '1'])],
    ['numbers for text', encode(['price', 'words', 1, id, ''])],
    ['an unknown sort', encode(['cheapest', 'words', '1', id, ''])],
    ['an unknown match', encode(['price', 'magic', '1', id, ''])],
    ['a key that is no number', encode(['price', 'words', '1; drop table products', id, ''])],
    ['a key too large for its column', encode(['price', 'words', '9'.repeat(19), id, ''])],
    ['an id that is none', encode(['price', 'words', '1', 'x', ''])],
  ])('is refused when it is %s', (_, cursor) => {
    expect(() => decodeCursor(cursor, 'price', undefined)).toThrow(refused);
  });

  it.each(['yesterday', '0000-01-01T00:00:00.000Z', '2026-02-31T00:00:00.000Z', '2026-13-01T00:00:00.000Z', '12'])(
    'is refused with the moment %s',
    (key) => {
      expect(() => decodeCursor(encode(['newest', 'words', key, id, '']), 'newest', undefined)).toThrow(refused);
    },
  );

  it('never answers anything but a cursor or a refusal', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        expect(() => decodeCursor(text, 'newest', undefined)).toThrow(refused);
      }),
    );
  });
});

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
