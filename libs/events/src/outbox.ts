import type { Queryable, Transaction } from '@emporium/postgres';
import type { z } from 'zod';
import type { EventContract } from './event.ts';

/** The part of the jobs library that the outbox needs. */
export interface JobAdder {
  add(
    tx: Queryable,
    name: string,
    payload: object,
    options?: { key?: string; maxAttempts?: number; queue?: string },
  ): Promise<void>;
}

export class Outbox {
  constructor(readonly jobs: JobAdder) {}

  async add<S extends z.ZodType>(_tx: Transaction, _event: EventContract<S>, _key: string, _data: z.input<S>): Promise<void> {
    throw new Error('unfinished');
  }
}
