import { randomUUID } from 'node:crypto';
import type { Queryable, Transaction } from '@emporium/postgres';
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
 * Says that something happened, if and only if the transaction commits: the event is a job of the same transaction.
 * Sent at least once, in no particular order. Throws ZodError when the data breaks its own contract.
 */
export class Outbox {
  constructor(private readonly jobs: JobAdder) {}

  async add<S extends z.ZodType>(tx: Transaction, event: EventContract<S>, key: string, data: z.input<S>): Promise<void> {
    const envelope: EventEnvelope = {
      id: randomUUID(),
      type: event.type,
      key,
      occurredAt: new Date().toISOString(),
      data: event.schema.parse(data),
      requestId: currentContext()?.requestId,
      traceparent: currentTraceparent(),
    };
    await this.jobs.add(tx, PUBLISH_EVENT, envelope);
  }
}
