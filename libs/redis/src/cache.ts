import type { Logger } from '@emporium/telemetry';
import type { Redis } from 'ioredis';

/** Settings of one cache. */
export interface CacheOptions {
  /** Put before every key, for example `product:v1`. */
  prefix: string;
  logger: Logger;
  /** Label of the metrics; the prefix when left out. */
  name?: string;
}

/** How one value is found. */
export interface LoadOptions<T> {
  ttlMs: number;
  load: () => Promise<T>;
  /** Share of the TTL taken off at random, so that keys stored together do not end together. Default 0.1. */
  jitter?: number;
}

export class Cache {
  constructor(
    readonly redis: Redis,
    readonly options: CacheOptions,
  ) {}

  async getOrLoad<T>(_key: string, _options: LoadOptions<T>): Promise<T> {
    throw new Error('unfinished');
  }

  async invalidate(..._keys: string[]): Promise<void> {
    throw new Error('unfinished');
  }
}
