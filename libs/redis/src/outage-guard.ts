import type { Redis } from 'ioredis';

const FAILURES_TO_OPEN = 3;
const PAUSE_MS = 1_000;

/**
 * Keeps callers from waiting for a Redis that hangs: after three failures in a row nobody asks for a second, then one call tries.
 * One per connection, shared by everything that uses it. Does not retry and does not look at what failed.
 */
export class OutageGuard {
  private static readonly guards = new WeakMap<Redis, OutageGuard>();
  private failures = 0;
  private closedUntil = 0;

  private constructor(private readonly redis: Redis) {
    redis.on('ready', () => this.succeeded());
  }

  static of(redis: Redis): OutageGuard {
    const guard = OutageGuard.guards.get(redis) ?? new OutageGuard(redis);
    OutageGuard.guards.set(redis, guard);
    return guard;
  }

  /** Asks Redis, if it is to be asked now. Undefined when it is not, or fails; `onOutage` hears of a failure that began an outage. */
  async attempt<R>(command: () => Promise<R>, onOutage?: (error: unknown) => void): Promise<R | undefined> {
    if (!this.allows()) return undefined;
    try {
      const reply = await command();
      this.succeeded();
      return reply;
    } catch (error) {
      if (this.failed()) onOutage?.(error);
      return undefined;
    }
  }

  /** Whether to ask Redis now. Whoever gets a yes says how it went. */
  allows(): boolean {
    if (this.redis.status !== 'ready') return false;
    if (this.failures < FAILURES_TO_OPEN) return true;

    const now = performance.now();
    if (now < this.closedUntil) return false;
    this.closedUntil = now + PAUSE_MS;
    return true;
  }

  succeeded(): void {
    this.failures = 0;
  }

  /** Returns whether this failure began an outage. */
  failed(): boolean {
    this.failures += 1;
    if (this.failures >= FAILURES_TO_OPEN) this.closedUntil = performance.now() + PAUSE_MS;
    return this.failures === FAILURES_TO_OPEN;
  }
}
