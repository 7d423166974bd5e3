import { createHash } from 'node:crypto';
import { invalidField } from '@emporium/errors';
import { type Match, matches, type Position, type Sort, sorts } from './listing.ts';

export interface Cursor extends Position {
  readonly sort: Sort;
  readonly match: Match;
}

/** Binds a cursor to the search it came from: positions by relevance mean nothing in another one. */
const searchTag = (text: string | undefined): string =>
  text === undefined ? '' : createHash('sha256').update(text).digest('base64url').slice(0, 8);

/** Opaque for clients; readable with `base64 -d` for whoever looks into a problem. */
export const encodeCursor = ({ sort, match, key, id }: Cursor, text: string | undefined): string =>
  Buffer.from(JSON.stringify([sort, match, key, id, searchTag(text)])).toString('base64url');

/** Raises 400 for anything that is not a cursor of a list with this sort and this search. */
export function decodeCursor(cursor: string, sort: Sort, text: string | undefined): Cursor {
  const parts = parse(cursor);
  if (!Array.isArray(parts) || parts.length !== 5 || parts.some((part) => typeof part !== 'string')) throw notACursor();

  const [cursorSort, match, key, id, tag] = parts as string[];
  if (!isOneOf(sorts, cursorSort) || !isOneOf(matches, match)) throw notACursor();
  if (!isId(id) || !isKey(cursorSort, key)) throw notACursor();
  if (cursorSort !== sort || tag !== searchTag(text)) throw ofAnotherList();
  return { sort, match, key, id };
}

const notACursor = () => invalidField('cursor', 'must be a cursor of a previous answer');
const ofAnotherList = () => invalidField('cursor', 'belongs to a list with another sort or another search');

function parse(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch (error) {
    if (error instanceof SyntaxError) throw notACursor();
    throw error;
  }
}

const isOneOf = <T extends string>(choices: readonly T[], value: string | undefined): value is T =>
  choices.some((choice) => choice === value);

const isId = (value: string | undefined): value is string =>
  value !== undefined && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value);

/** A moment for `newest`, else a whole number; both must fit their column. Postgres knows no year 0, which JavaScript does. */
function isKey(sort: Sort, value: string | undefined): value is string {
  if (value === undefined) return false;
  if (sort !== 'newest') return /^-?\d{1,15}$/.test(value);
  const moment = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(value) ? new Date(value) : undefined;
  return moment !== undefined && moment.getTime() >= 0 && moment.toISOString() === value;
}
