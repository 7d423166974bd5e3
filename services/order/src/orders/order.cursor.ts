import { invalidField } from '@emporium/errors';
import { z } from 'zod';
import type { OrderPosition } from './order.repository.ts';

/** Postgres knows no year 0, ISO 8601 does; no order is that old. */
const moment = z.iso.datetime({ precision: 3 }).refine((at) => at >= '1970');
const position = z.tuple([moment, z.uuid()]);

/** Opaque to clients: where the next page of a newest-first list begins. */
export const toCursor = ({ createdAt, id }: { createdAt: Date; id: string }): string =>
  Buffer.from(JSON.stringify([createdAt.toISOString(), id])).toString('base64url');

/** @throws AppError `invalid-request` naming `cursor` */
export function fromCursor(cursor: string | undefined): OrderPosition | undefined {
  if (cursor === undefined) return undefined;
  const read = position.safeParse(readJson(Buffer.from(cursor, 'base64url').toString()));
  if (!read.success) throw invalidField('cursor', 'must be a cursor of a previous answer');
  const [createdAt, id] = read.data;
  return { createdAt, id };
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not JSON is not a position, which the caller says
  }
}
