import { AppError, failureText } from '@emporium/errors';
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
  /** One line that may be shown: without stack, SQL or addresses. */
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
}

/** The dead letters of one service, for its admin routes. */
export class DeadLetters {
  constructor(private readonly jobs: JobAdder) {}

  /** Newest first; after the one that was parked at `at` with this id, if given. */
  async list(db: Queryable, page: { limit: number; after?: { at: Date; id: string } }): Promise<DeadLetter[]> {
    const { at = null, id = null } = page.after ?? {};
    const rows = await db.query<DeadLetterRow>(sql`
      select d.id, d.group_name, d.stream, d.event_id, d.type, d.envelope, d.error, d.tries, d.parked_at
        from dead_letters d
       where (${at}::timestamptz is null or (d.parked_at, d.id) < (${at}::timestamptz, ${id}::uuid))
       order by d.parked_at desc, d.id desc
       limit ${page.limit}
    `);
    return rows.map(toDeadLetter);
  }

  async count(db: Queryable): Promise<number> {
    const [row] = await db.query<{ count: string }>(sql`select count(*) as count from dead_letters`);
    return Number(row?.count);
  }

  /** Sends the event again, to its group only, and returns what it was. Throws AppError 'dead-letter-not-found' (404) and 'dead-letter-unreadable' (422). */
  async requeue(tx: Transaction, id: string): Promise<DeadLetter> {
    const [row] = await tx.query<DeadLetterRow>(sql`
      delete from dead_letters where id = ${id}
      returning id, group_name, stream, event_id, type, envelope, error, tries, parked_at
    `);
    if (row === undefined) throw deadLetterNotFound(id);

    const letter = toDeadLetter(row);
    if ('unreadable' in letter.envelope) {
      throw new AppError('unprocessable', 'dead-letter-unreadable', `Dead letter ${id} holds no event that could be sent.`);
    }
    await this.jobs.add(tx, PUBLISH_EVENT, { ...letter.envelope, onlyFor: letter.group });
    return letter;
  }
}

const deadLetterNotFound = (id: string) => new AppError('not-found', 'dead-letter-not-found', `There is no dead letter ${id}.`);

/** Keeps what a group gave up on. The same event given up on twice is one dead letter. */
export async function park(db: Queryable, group: string, entry: StreamEntry, error: unknown): Promise<void> {
  const envelope = readEnvelope(entry.text);
  const [eventId, type] = 'unreadable' in envelope ? [entry.id, 'unreadable'] : [envelope.id, envelope.type];
  await db.execute(sql`
    insert into dead_letters (group_name, stream, event_id, type, envelope, error, tries)
    values (${group}, ${entry.stream}, ${eventId}, ${type}, ${storable(entry.text)}, ${failureText(error)}, ${entry.tries})
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
