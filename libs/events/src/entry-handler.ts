import { randomUUID } from 'node:crypto';
import { AppError } from '@emporium/errors';
import type { Postgres } from '@emporium/postgres';
import { continueTrace, runInContext } from '@emporium/telemetry';
import { z } from 'zod';
import { readEnvelope } from './dead-letter.ts';
import type { EventEnvelope, EventHandler } from './event.ts';
import { enterAllInInbox, enterInbox } from './inbox.ts';
import type { StreamEntry } from './stream-group.ts';

/** `poisoned` will never succeed, `failed` may, `deferred` is not the event's fault. */
export type Outcome =
  | { kind: 'handled' | 'repeated' | 'ignored'; envelope: EventEnvelope }
  | { kind: 'poisoned' | 'failed' | 'deferred'; type: string; error: unknown };

interface Known {
  readonly entry: StreamEntry;
  readonly envelope: EventEnvelope;
  readonly handler: EventHandler;
}

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

  /**
   * Handles what can be handled together, in one transaction, and tells what became of it. What the answer does not name is to be run by
   * itself: too few to be worth it, or something among them failed, and nobody knows yet what.
   */
  async runTogether(entries: readonly StreamEntry[]): Promise<Map<StreamEntry, Outcome>> {
    const known = entries.flatMap((entry) => this.knownTogether(entry));
    if (known.length < 2) return new Map();
    try {
      const fresh = await this.inTime(runInContext({ requestId: randomUUID() }, () => this.handleTogether(known)));
      return new Map(
        known.map(({ entry, envelope }) => [entry, { kind: fresh.has(envelope) ? 'handled' : 'repeated', envelope }]),
      );
    } catch {
      return new Map();
    }
  }

  private knownTogether(entry: StreamEntry): Known[] {
    const envelope = readEnvelope(entry.text);
    if (entry.tries > 0 || 'unreadable' in envelope || envelope.onlyFor !== undefined) return [];
    const handler = this.handlers.get(envelope.type);
    return handler?.handleAll === undefined ? [] : [{ entry, envelope, handler }];
  }

  private handleTogether(known: readonly Known[]): Promise<Set<EventEnvelope>> {
    return this.postgres.transaction(async (tx) => {
      const entered = await enterAllInInbox(
        tx,
        this.group,
        known.map(({ envelope }) => envelope.id),
      );
      const fresh = new Set<EventEnvelope>();
      for (const handler of new Set(known.map((each) => each.handler))) {
        const envelopes = known
          .filter((each) => each.handler === handler)
          .map(({ envelope }) => envelope)
          // Of an event that is there twice, only the first.
          .filter(({ id }) => entered.delete(id.toLowerCase()));
        if (envelopes.length > 0) await handler.handleAll?.(tx, envelopes);
        for (const envelope of envelopes) fresh.add(envelope);
      }
      return fresh;
    });
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
  private async inTime<Result>(work: Promise<Result>): Promise<Result> {
    let timer: NodeJS.Timeout | undefined;
    const tooLate = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error(`The handler took longer than ${this.timeoutMs} ms.`)), this.timeoutMs);
    });
    try {
      return await Promise.race([work, tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function blame(error: unknown): 'poisoned' | 'failed' | 'deferred' {
  if (error instanceof z.ZodError) return 'poisoned';
  return error instanceof AppError && (error.kind === 'unavailable' || error.kind === 'timeout') ? 'deferred' : 'failed';
}
