import type { DeadLetterResponse, Page } from '@emporium/contracts';
import { invalidField } from '@emporium/errors';
import { z } from 'zod';

/** Where a page ends. Means the same to every service, so that pages of several can be put together and continued. */
export interface DeadLetterPosition {
  readonly at: Date;
  readonly id: string;
}

/** Postgres knows no year 0, ISO 8601 does; no dead letter is that old. */
const position = z.tuple([z.iso.datetime({ precision: 3 }).refine((at) => at >= '1970'), z.guid()]);

/** @throws AppError `invalid-request` naming `cursor` */
export function fromCursor(cursor: string | undefined): DeadLetterPosition | undefined {
  if (cursor === undefined) return undefined;
  const read = position.safeParse(readJson(Buffer.from(cursor, 'base64url').toString()));
  if (!read.success) throw invalidField('cursor', 'must be a cursor of a previous answer');
  const [at, id] = read.data;
  return { at: new Date(at), id };
}

/** The latest of several lists as one page; `more`: one of the lists goes on. */
export function deadLetterPage(
  lists: readonly (readonly DeadLetterResponse[])[],
  { limit, more = false }: { limit: number; more?: boolean },
): Page<DeadLetterResponse> {
  const all = lists.flat().sort(latestFirst);
  const items = all.slice(0, limit);
  const last = items.at(-1);
  return { items, nextCursor: last !== undefined && (more || all.length > limit) ? toCursor(last) : null };
}

const toCursor = ({ failedAt, id }: DeadLetterResponse): string =>
  Buffer.from(JSON.stringify([failedAt, id])).toString('base64url');

/** As Postgres orders them: uuids by their bytes, which is the order of their lower-case text. */
const latestFirst = (a: DeadLetterResponse, b: DeadLetterResponse): number =>
  placeOf(a) < placeOf(b) ? 1 : placeOf(a) > placeOf(b) ? -1 : 0;

const placeOf = ({ failedAt, id }: DeadLetterResponse): string => `${failedAt} ${id.toLowerCase()}`;

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // not JSON is not a position, which the caller says
  }
}
