import { randomUUID } from 'node:crypto';
import { type Queryable, type Sql, sql, type Transaction } from '@emporium/postgres';
import { currentContext, currentTraceparent } from '@emporium/telemetry';
import type { z } from 'zod';
import type { EventContract, EventEnvelope } from './event.ts';

/** The part of the jobs library that this one needs. */
export interface JobAdder {
  add(tx: Queryable, name: string, payload: object): Promise<void>;
}

/** Name of the job that sends one event. */
export const PUBLISH_EVENT = 'publish-event';

/**
 * Says that something happened, if and only if the transaction commits: the event is a row of the same transaction, and the relay sends it.
 * Sent at least once, in no particular order. Throws ZodError when the data breaks its own contract.
 */
export class Outbox {
  private readonly listeners: (() => void)[] = [];

  async add<S extends z.ZodType>(tx: Transaction, event: EventContract<S>, key: string, data: z.input<S>): Promise<void> {
    await tx.execute(this.insertion(event, key, data, sql`(select) always`));
  }

  /**
   * The same as a part of a larger statement, for as many rows as `source` has: none, and nothing is said. `source` stands in a FROM clause.
   * Whoever uses it runs the statement at once.
   */
  insertion<S extends z.ZodType>(event: EventContract<S>, key: string, data: z.input<S>, source: Sql): Sql {
    const envelope: EventEnvelope = {
      id: randomUUID(),
      type: event.type,
      key,
      occurredAt: new Date().toISOString(),
      data: event.schema.parse(data),
      requestId: currentContext()?.requestId,
      traceparent: currentTraceparent(),
    };
    for (const listener of this.listeners) listener();
    return sql`insert into outbox_events (envelope) select ${JSON.stringify(envelope)}::json from ${source}`;
  }

  /** Calls back whenever an event is about to be written; its transaction may commit later, or not at all. */
  onAdd(listener: () => void): void {
    this.listeners.push(listener);
  }
}
