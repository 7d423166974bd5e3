import { randomUUID } from 'node:crypto';
import { AppError } from '@emporium/errors';
import type { Postgres } from '@emporium/postgres';
import { continueTrace, runInContext } from '@emporium/telemetry';
import { z } from 'zod';
import { readEnvelope } from './dead-letter.ts';
import type { EventEnvelope, EventHandler } from './event.ts';
import { enterInbox } from './inbox.ts';
import type { StreamEntry } from './stream-group.ts';

/** `poisoned` will never succeed, `failed` may, `deferred` is not the event's fault. */
export type Outcome =
  | { kind: 'handled' | 'repeated' | 'ignored'; envelope: EventEnvelope }
  | { kind: 'poisoned' | 'failed' | 'deferred'; type: string; error: unknown };

/** Runs the handler of one entry in the transaction that marks the event as seen. Never throws: what went wrong is the outcome. */
export class EntryHandler {
  private readonly handlers: ReadonlyMap<string, EventHandler>;

  constructor(
    private readonly postgres: Pick<Postgres, 'transaction'>,
    private readonly group: string,
    handlers: readonly EventHandler[],
    private readonly timeoutMs: number,
  ) {
    this.handlers = new Map(handlers.map((handler) => [handler.type, handler]));
  }

  async run(entry: StreamEntry): Promise<Outcome> {
    const envelope = readEnvelope(entry.text);
    if ('unreadable' in envelope) return { kind: 'poisoned', type: 'unreadable', error: new Error('This is not an event.') };

    const handler = this.handlers.get(envelope.type);
    const isMeant = envelope.onlyFor === undefined || envelope.onlyFor === this.group;
    if (handler === undefined || !isMeant) return { kind: 'ignored', envelope };

    try {
      const isNew = await this.handle(handler, envelope);
      return { kind: isNew ? 'handled' : 'repeated', envelope };
    } catch (error) {
      return { kind: blame(error), type: envelope.type, error };
    }
  }

  private handle(handler: EventHandler, envelope: EventEnvelope): Promise<boolean> {
    const work = () =>
      this.postgres.transaction(async (tx) => {
        const isNew = await enterInbox(tx, this.group, envelope.id);
        if (isNew) await this.inTime(handler.handle(tx, envelope));
        return isNew;
      });
    return runInContext({ requestId: envelope.requestId ?? randomUUID() }, () =>
      continueTrace(`${this.group} hears ${envelope.type}`, envelope.traceparent, work),
    );
  }

  /** A handler that hangs must not stop its consumer. Giving up inside the transaction rolls it back and frees its connection. */
  private async inTime(work: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`The handler took longer than ${this.timeoutMs} ms.`)), this.timeoutMs);
    });
    try {
      await Promise.race([work, tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function blame(error: unknown): 'poisoned' | 'failed' | 'deferred' {
  if (error instanceof z.ZodError) return 'poisoned';
  return error instanceof AppError && (error.kind === 'unavailable' || error.kind === 'timeout') ? 'deferred' : 'failed';
}
