import { describe, expect, it } from 'vitest';
import { readCursor, toPage } from './paging.ts';

const row = (number: number) => ({
  createdAt: new Date(1_700_000_000_000 + number),
  id: `00000000-0000-4000-8000-00000000000${number}`,
});

describe('a page', () => {
  it('leads to the next one when a row is left over', () => {
    const page = toPage([row(3), row(2), row(1)], 2, ({ id }) => id);

    expect(page.items).toEqual([row(3).id, row(2).id]);
    expect(readCursor(page.nextCursor ?? undefined)).toEqual(row(2));
  });

  it('is the last one when none is', () => {
    expect(toPage([row(2), row(1)], 2, ({ id }) => id).nextCursor).toBeNull();
    expect(toPage([], 2, ({ id }: { id: string; createdAt: Date }) => id)).toEqual({ items: [], nextCursor: null });
  });

  it('begins anywhere without a cursor', () => {
    expect(readCursor(undefined)).toBeUndefined();
  });

  it.each(['x', Buffer.from('[1]').toString('base64url'), Buffer.from('["2026-01-01T00:00:00Z","x"]').toString('base64url')])(
    'refuses the cursor %s, which nobody gave out',
    (cursor) => {
      expect(() => readCursor(cursor)).toThrow(
        expect.objectContaining({ kind: 'invalid', errors: [expect.objectContaining({ field: 'cursor' })] }),
      );
    },
  );
});
