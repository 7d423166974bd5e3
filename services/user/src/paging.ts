import { invalidField } from '@emporium/errors';
import { z } from 'zod';

/** Where the next page begins: after this row, in the order of age. */
export interface Position {
  readonly createdAt: Date;
  readonly id: string;
}

const written = z.tuple([z.iso.datetime(), z.uuid()]);

/** The cursor of a request as a position; 400 names the field when it is not one of ours. */
export function readCursor(cursor: string | undefined): Position | undefined {
  if (cursor === undefined) return undefined;
  const { data } = written.safeParse(parse(Buffer.from(cursor, 'base64url').toString()));
  if (data === undefined) throw invalidField('cursor', 'must be a cursor of a previous answer');
  return { createdAt: new Date(data[0]), id: data[1] };
}

/** One page of answers made from `limit + 1` rows: the one too many says that there is a next page. */
export function toPage<Row extends Position, Item>(rows: readonly Row[], limit: number, toItem: (row: Row) => Item) {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(toItem), nextCursor: rows.length > limit && last !== undefined ? writeCursor(last) : null };
}

const writeCursor = ({ createdAt, id }: Position) =>
  Buffer.from(JSON.stringify([createdAt.toISOString(), id])).toString('base64url');

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
