import type { Postgres } from '@emporium/postgres';
import type { Logger } from '@emporium/telemetry';
import type { EventHandler } from './event.ts';

/** Settings of one consumer group in one process. Times are milliseconds. */
export interface EventConsumerOptions {
  postgres: Postgres;
  redisUrl: string;
  /** Name of the group: the service that listens. */
  group: string;
  handlers: readonly EventHandler[];
  logger: Logger;
  /** Default 5. */
  maxTries?: number;
  /** Entries of a consumer that gave no sign for this long are taken over. Default 30000. */
  claimIdleMs?: number;
  /** Default 1000. */
  blockMs?: number;
  /** Default 32. */
  batch?: number;
  /** Entries handled at once, one per key. Default 4. */
  concurrency?: number;
  /** A handler that takes longer counts as failed. Default 10000. */
  handlerTimeoutMs?: number;
}

export class EventConsumer {
  constructor(readonly options: EventConsumerOptions) {}

  async start(): Promise<void> {
    throw new Error('unfinished');
  }

  async stop(): Promise<void> {
    throw new Error('unfinished');
  }

  healthy(): boolean {
    throw new Error('unfinished');
  }
}
