import type { Postgres } from '@emporium/postgres';
import type { Logger } from '@emporium/telemetry';
import type { EventHandler } from './event.ts';

/** Settings of one consumer in one process. Times are milliseconds. */
export interface EventConsumerOptions {
  postgres: Postgres;
  redisUrl: string;
  /** Name of the group: the service that listens. */
  group: string;
  /** At most one per type of event. */
  handlers: readonly EventHandler[];
  logger: Logger;
  /** Default 5. */
  maxTries?: number;
  /** Wait before the second try; doubles with each. Default 200. */
  retryDelayMs?: number;
  /** Entries of a consumer that gave no sign for this long are taken over. Default 30000. */
  claimIdleMs?: number;
  /** Default 1000. */
  blockMs?: number;
  /** Entries read at once. Default 32. */
  batch?: number;
  /** Entries handled at once, of different keys. Default 4. */
  concurrency?: number;
  /** A handler that takes longer counts as failed. Default 10000. */
  handlerTimeoutMs?: number;
}

export const withDefaults = (options: EventConsumerOptions): Required<EventConsumerOptions> => ({
  ...options,
  maxTries: options.maxTries ?? 5,
  retryDelayMs: options.retryDelayMs ?? 200,
  claimIdleMs: options.claimIdleMs ?? 30_000,
  blockMs: options.blockMs ?? 1_000,
  batch: options.batch ?? 32,
  concurrency: options.concurrency ?? 4,
  handlerTimeoutMs: options.handlerTimeoutMs ?? 10_000,
});
