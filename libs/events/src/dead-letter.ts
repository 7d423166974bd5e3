import { AppError } from '@emporium/errors';
import { type Queryable, sql, type Transaction } from '@emporium/postgres';
import { z } from 'zod';
import { type EventEnvelope, eventEnvelope } from './event.ts';
import { type JobAdder, PUBLISH_EVENT } from './outbox.ts';
import type { StreamEntry } from './stream-group.ts';

/** An event a group could not handle, kept until somebody decides. */
export interface DeadLetter {
  id: string;
  group: string;
  stream: string;
  /** Of the event; of the stream entry when the event could not be read. */
  eventId: string;
  type: string;
  /** What was on the stream; `{ unreadable }` when that was no event. */
  envelope: EventEnvelope | { unreadable: string };
  error: string;
  tries: number;
  parkedAt: Date;
}

interface DeadLetterRow {
  id: string;
  group_name: string;
  stream: string;
  event_id: string;
  type: string;
  envelope: string;
  error: string;
  tries: number;
  parked_at: Date;
  position: string;
}

/** The dead letters of one service, for its admin routes. */
export class DeadLetters {
  constructor(private readonly jobs: JobAdder) {}

  /** Newest first. `cursor` is the `nextCursor` of the page before; throws AppError 'invalid' for any other text. */
  async list(
    db: Queryable,
    page: { limit: number; cursor?: string },
  ): Promise<{ items: DeadLetter[]; nextCursor: string | null }> {
    const after = page.cursor === undefined ? undefined : fromCursor(page.cursor);
    const rows = await db.query<DeadLetterRow>(sql`
      select d.id, d.group_name, d.stream, d.event_id, d.type, d.envelope, d.error, d.tries, d.parked_at, d.parked_at::text as position
        from dead_letters d
       where (${after?.position ?? null}::timestamptz is null
              or (d.parked_at, d.id) < (${after?.position ?? null}::timestamptz, ${after?.id ?? null}::uuid))
       order by d.parked_at desc, d.id desc
       limit ${page.limit + 1}
    `);
    const items = rows.slice(0, page.limit);
    const last = items.at(-1);
    return { items: items.map(toDeadLetter), nextCursor: rows.length > page.limit && last ? toCursor(last) : null };
  }

  /** Sends the event again, to its group only. Throws AppError 'dead-letter-not-found' (404) and 'dead-letter-unreadable' (422). */
  async requeue(tx: Transaction, id: string): Promise<void> {
    const [row] = await tx.query<Pick<DeadLetterRow, 'envelope' | 'group_name'>>(sql`
      delete from dead_letters where id = ${id} returning envelope, group_name
    `);
    if (row === undefined) throw new AppError('not-found', 'dead-letter-not-found', `There is no dead letter ${id}.`);

    const envelope = readEnvelope(row.envelope);
    if ('unreadable' in envelope) {
      throw new AppError('unprocessable', 'dead-letter-unreadable', `Dead letter ${id} holds no event that could be sent.`);
    }
    await this.jobs.add(tx, PUBLISH_EVENT, { ...envelope, onlyFor: row.group_name });
  }
}

/** Keeps what a group gave up on. The same event given up on twice is one dead letter. */
export async function park(db: Queryable, group: string, entry: StreamEntry, error: unknown): Promise<void> {
  const envelope = readEnvelope(entry.text);
  const [eventId, type] = 'unreadable' in envelope ? [entry.id, 'unreadable'] : [envelope.id, envelope.type];
  await db.execute(sql`
    insert into dead_letters (group_name, stream, event_id, type, envelope, error, tries)
    values (${group}, ${entry.stream}, ${eventId}, ${type}, ${storable(entry.text)}, ${describe(error)}, ${entry.tries})
    on conflict (group_name, event_id)
    do update set error = excluded.error, tries = excluded.tries, envelope = excluded.envelope, parked_at = now()
  `);
}

/** The event in a stream entry's text, or the text when it holds none. */
export function readEnvelope(text: string): EventEnvelope | { unreadable: string } {
  try {
    return eventEnvelope.parse(JSON.parse(text));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof z.ZodError) return { unreadable: text };
    throw error;
  }
}

// Postgres stores no NUL, and refusing to park would keep the entry for ever.
const storable = (text: string): string => text.replaceAll('\0', '');

const describe = (error: unknown): string =>
  storable(error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, 2_000);

const toDeadLetter = (row: DeadLetterRow): DeadLetter => ({
  id: row.id,
  group: row.group_name,
  stream: row.stream,
  eventId: row.event_id,
  type: row.type,
  envelope: readEnvelope(row.envelope),
  error: row.error,
  tries: row.tries,
  parkedAt: row.parked_at,
});

const cursorShape = z.tuple([z.string().regex(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?[+-]\d\d(:\d\d)?$/), z.uuid()]);

const toCursor = (row: DeadLetterRow): string => Buffer.from(JSON.stringify([row.position, row.id])).toString('base64url');

function fromCursor(cursor: string): { position: string; id: string } {
  try {
    const [position, id] = cursorShape.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return { position, id };
  } catch (cause) {
    throw new AppError('invalid', 'invalid-request', 'The cursor is not one of a previous answer.', {
      cause,
      errors: [{ field: 'cursor', message: 'must be a cursor of a previous answer' }],
    });
  }
}
