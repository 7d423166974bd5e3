import type { Queryable, Transaction } from '@emporium/postgres';
import type { EventEnvelope } from './event.ts';
import type { JobAdder } from './outbox.ts';

/** An event a group could not handle, kept until somebody decides. */
export interface DeadLetter {
  id: string;
  group: string;
  stream: string;
  eventId: string;
  type: string;
  /** What was on the stream, as far as it could be read. */
  envelope: EventEnvelope | Record<string, unknown>;
  error: string;
  tries: number;
  parkedAt: Date;
}

export class DeadLetters {
  constructor(readonly jobs: JobAdder) {}

  /** Oldest last. `limit` 1 to 100; `cursor` is the `nextCursor` of the page before. */
  async list(
    _db: Queryable,
    _page: { limit: number; cursor?: string },
  ): Promise<{ items: DeadLetter[]; nextCursor: string | null }> {
    throw new Error('unfinished');
  }

  /** Sends the event again, to its group only. Throws AppError 'not-found' when there is no such dead letter. */
  async requeue(_tx: Transaction, _id: string): Promise<void> {
    throw new Error('unfinished');
  }
}
