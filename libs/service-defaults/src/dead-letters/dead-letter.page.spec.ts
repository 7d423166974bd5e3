import { randomUUID } from 'node:crypto';
import type { DeadLetterResponse } from '@emporium/contracts';
import { describe, expect, it } from 'vitest';
import { deadLetterPage, fromCursor } from './dead-letter.page.ts';

const letter = (failedAt: string, over: Partial<DeadLetterResponse> = {}): DeadLetterResponse => ({
  id: randomUUID(),
  service: 'order',
  kind: 'event',
  type: 'order.confirmed.v1',
  eventId: randomUUID(),
  subject: null,
  attempts: 5,
  error: 'Error: no',
  failedAt,
  data: null,
  ...over,
});
const at = (second: number) => `2026-11-01T00:00:0${second}.000Z`;

describe('a page of dead letters', () => {
  it('is the latest of all lists, and its cursor says where it ends', () => {
    const [a, b, c] = [letter(at(1)), letter(at(2)), letter(at(3))];

    const page = deadLetterPage([[b], [c, a]], { limit: 2 });

    expect(page.items).toEqual([c, b]);
    expect(fromCursor(page.nextCursor ?? '')).toEqual({ at: new Date(at(2)), id: b.id });
  });

  it('is the last one when nothing is left, and not when one of the lists goes on', () => {
    expect(deadLetterPage([[letter(at(1))], []], { limit: 1 }).nextCursor).toBeNull();
    expect(deadLetterPage([[letter(at(1))], []], { limit: 1, more: true }).nextCursor).not.toBeNull();
    expect(deadLetterPage([[], []], { limit: 1 })).toEqual({ items: [], nextCursor: null });
    expect(deadLetterPage([[], []], { limit: 1, more: true })).toEqual({ items: [], nextCursor: null });
  });

  it('orders those of one moment by id, the larger first, in either case of letters', () => {
    const [low, high] = ['0A000000-0000-4000-8000-000000000000', '0b000000-0000-4000-8000-000000000000'];

    const { items } = deadLetterPage([[letter(at(1), { id: low })], [letter(at(1), { id: high })]], { limit: 2 });

    expect(items.map(({ id }) => id)).toEqual([high, low]);
  });

  it.each([
    'nonsense',
    '',
    Buffer.from('["2026","x"]').toString('base64url'),
    Buffer.from(JSON.stringify(['0000-01-01T00:00:00.000Z', randomUUID()])).toString('base64url'),
    Buffer.from(JSON.stringify([at(1), 'x'])).toString('base64url'),
    Buffer.from(JSON.stringify([at(1)])).toString('base64url'),
  ])('does not begin at %s', (cursor) => {
    expect(() => fromCursor(cursor)).toThrow(
      expect.objectContaining({ kind: 'invalid', errors: [expect.objectContaining({ field: 'cursor' })] }),
    );
  });
});
