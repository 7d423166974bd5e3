import type { Redis } from 'ioredis';
import { OutageGuard } from './outage-guard.ts';

/** Settings of what is remembered. */
export interface RecentChangesOptions {
  /** Put before every key, for example `product:v1`. */
  prefix: string;
  /** How long a source that lags may not know of a change. */
  forMs: number;
}

/**
 * What changed so lately that a source which lags may not know it yet, seen by all processes. Note a change after its commit and before the
 * caches forget it, and ask before a load that a cache may store: then nothing old is stored once the cache has forgotten.
 * Never throws. A note that Redis did not take holds for everything, in this process alone.
 */
export class RecentChanges {
  /** The cache that forgets the same keys says so in the log: both share one guard. */
  private readonly guard: OutageGuard;
  private unsureUntil = 0;

  constructor(
    private readonly redis: Redis,
    private readonly options: RecentChangesOptions,
  ) {
    this.guard = OutageGuard.of(redis);
  }

  /** One round trip, which commands sent after it need not wait for: the connection keeps their order. */
  async note(...keys: string[]): Promise<void> {
    const { forMs } = this.options;
    const noted = await this.guard.attempt(() =>
      Promise.all(keys.map((key) => this.redis.set(this.keyOf(key), '', 'PX', forMs))),
    );
    if (noted === undefined) this.unsureUntil = performance.now() + forMs;
  }

  /** Whether it was noted lately. Without Redis there is no cache that could keep what is old: then only this process's own notes count. */
  async has(key: string): Promise<boolean> {
    if (performance.now() < this.unsureUntil) return true;
    return (await this.guard.attempt(() => this.redis.exists(this.keyOf(key)))) === 1;
  }

  private keyOf(key: string): string {
    return `${this.options.prefix}:changed:${key}`;
  }
}
