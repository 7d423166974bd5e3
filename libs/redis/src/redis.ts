import type { Logger } from '@emporium/telemetry';
import type { Redis } from 'ioredis';

/** How to reach one Redis server. Times are milliseconds. */
export interface RedisConnectionOptions {
  url: string;
  /** Shows up in CLIENT LIST, metrics and log lines. */
  name: string;
  /** Default 250: a command that has no answer by then fails. */
  commandTimeoutMs?: number;
  /** Default 1000. */
  connectTimeoutMs?: number;
  logger?: Logger;
}

export function connectRedis(_options: RedisConnectionOptions): Redis {
  throw new Error('unfinished');
}

export function connectBlockingRedis(_options: RedisConnectionOptions & { blockMs: number }): Redis {
  throw new Error('unfinished');
}
