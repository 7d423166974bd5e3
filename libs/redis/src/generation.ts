import type { Redis } from 'ioredis';
import { OutageGuard } from './outage-guard.ts';

/**
 * A number that all processes see. Put it into the keys of a cache, and `next` forgets everything stored under them at once.
 * Never throws: while Redis is away there is no number, and values of the last one end by their TTL alone, so keep that short.
 */
export class Generation {
  /** The cache that uses the number says so in the log: both share one guard. */
  private readonly guard: OutageGuard;

  constructor(
    private readonly redis: Redis,
    private readonly key: string,
  ) {
    this.guard = OutageGuard.of(redis);
  }

  /** The number as text; 'unknown' while Redis is away. */
  async current(): Promise<string> {
    return (await this.guard.attempt(async () => (await this.redis.get(this.key)) ?? '0')) ?? 'unknown';
  }

  async next(): Promise<void> {
    await this.guard.attempt(() => this.redis.incr(this.key));
  }
}
