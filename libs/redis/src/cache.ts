import { randomUUID } from 'node:crypto';
import { type Logger, regardlessOfDeadline } from '@emporium/telemetry';
import type { Redis } from 'ioredis';
import { type CacheCommands, withCacheScripts } from './cache.scripts.ts';
import { cacheMetrics } from './cache-metrics.ts';
import { OutageGuard } from './outage-guard.ts';
import { ParsedTexts } from './parsed-texts.ts';

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
  /** Share of the TTL, 0 to 1, taken off at random, so that keys stored together do not end together. Default 0.1. */
  jitter?: number;
}

/** Longer than any load should take (the database ends statements after 3 s); a load that outlives it is not stored. */
const LEASE_MS = 5_000;
const RETRY_INVALIDATION_MS = 500;
/** Bounds memory in a long outage; beyond it the TTL alone ends stale values. */
const MAX_PENDING_INVALIDATIONS = 10_000;

type Found = { value: unknown } | 'missing' | 'unreachable';

/**
 * Cache-aside over Redis for values that survive JSON. A value read from the source before an invalidation is never stored after it.
 * Loads of one key are shared within the process, and so are the values: nobody may change them. Never fails because of Redis: a lost or hanging server means loading from the source.
 * Does not promise that a read that overlaps an invalidation sees the new value; one that starts after it, in the same process, does.
 */
export class Cache {
  private readonly redis: Redis & CacheCommands;
  private readonly guard: OutageGuard;
  private readonly metrics: ReturnType<typeof cacheMetrics>;
  private readonly flights = new Map<string, Promise<unknown>>();
  private readonly texts = new ParsedTexts();
  private readonly pendingInvalidations = new Set<string>();
  private retryTimer: NodeJS.Timeout | undefined;

  constructor(
    redis: Redis,
    private readonly options: CacheOptions,
  ) {
    this.redis = withCacheScripts(redis);
    this.guard = OutageGuard.of(redis);
    this.metrics = cacheMetrics(options.name ?? options.prefix);
  }

  /** The cached value, or what `load` gives. Throws only what `load` throws; failures are not cached. `undefined` is never stored. */
  getOrLoad<T>(key: string, options: LoadOptions<T>): Promise<T> {
    const flying = this.flights.get(key);
    if (flying !== undefined) {
      this.metrics.shared.inc();
      return flying as Promise<T>;
    }

    // Shared: whoever began it may leave before those who joined it.
    const flight = regardlessOfDeadline(() => this.find(key, options)).finally(() => {
      if (this.flights.get(key) === flight) this.flights.delete(key);
    });
    this.flights.set(key, flight);
    return flight;
  }

  /**
   * Forgets values; call it after the change is committed. Does not throw: while Redis is away this process reads those keys from the
   * source and tries again until it succeeds; other processes may see old values until then, at the longest until the TTL ends.
   */
  async invalidate(...keys: string[]): Promise<void> {
    if (keys.length === 0) return;
    // Reads sent from here on reach Redis after the deletion, since both use one connection; they must not join an older read.
    for (const key of keys) this.flights.delete(key);
    if (this.guard.allows() && (await this.attempt(() => this.forget(keys)))) return;

    this.remember(keys);
    for (const key of keys) this.flights.delete(key);
  }

  private async find<T>(key: string, { ttlMs, load, jitter = 0.1 }: LoadOptions<T>): Promise<T> {
    const found = this.pendingInvalidations.has(key) ? 'unreachable' : await this.read(key);
    if (typeof found === 'object') {
      this.metrics.hit.inc();
      return found.value as T;
    }
    if (found === 'unreachable') {
      this.metrics.bypassed.inc();
      return load();
    }

    this.metrics.miss.inc();
    const token = await this.takeLease(key);
    return token === undefined ? load() : this.loadAndStore(key, token, load, ttlMs * (1 - jitter * Math.random()));
  }

  private async read(key: string): Promise<Found> {
    if (!this.guard.allows()) return 'unreachable';

    try {
      const text = await this.redis.get(this.valueKey(key));
      this.guard.succeeded();
      return text === null ? 'missing' : { value: this.texts.parse(key, text) };
    } catch (error) {
      // Somebody else wrote there. It counts as missing, and the next store replaces it.
      if (error instanceof SyntaxError) return 'missing';
      this.report(error);
      return 'unreachable';
    }
  }

  /** Of all processes that miss the same key one gets a token; the others load for themselves and do not store. */
  private async takeLease(key: string): Promise<string | undefined> {
    const token = randomUUID();
    const taken = await this.attempt(() => this.redis.set(this.leaseKey(key), token, 'PX', LEASE_MS, 'NX'));
    return taken === 'OK' ? token : undefined;
  }

  private async loadAndStore<T>(key: string, token: string, load: () => Promise<T>, ttlMs: number): Promise<T> {
    let text: string | undefined;
    try {
      const value = await load();
      text = JSON.stringify(value);
      return value;
    } finally {
      await this.settle(key, token, text, ttlMs);
    }
  }

  private async settle(key: string, token: string, text: string | undefined, ttlMs: number): Promise<void> {
    if (text === undefined) {
      await this.attempt(() => this.redis.emporiumCacheGiveBack(this.leaseKey(key), token));
      return;
    }

    const px = Math.max(1, Math.round(ttlMs));
    const stored = await this.attempt(() =>
      this.redis.emporiumCacheStore(this.valueKey(key), this.leaseKey(key), token, text, px),
    );
    (stored === 1 ? this.metrics.stored : this.metrics.refused).inc();
  }

  private async attempt<R>(command: () => Promise<R>): Promise<R | undefined> {
    try {
      const reply = await command();
      this.guard.succeeded();
      return reply;
    } catch (error) {
      this.report(error);
      return undefined;
    }
  }

  private async forget(keys: readonly string[]): Promise<true> {
    await this.redis.del(...keys.flatMap((key) => [this.valueKey(key), this.leaseKey(key)]));
    return true;
  }

  private remember(keys: readonly string[]): void {
    for (const key of keys) {
      if (this.pendingInvalidations.size < MAX_PENDING_INVALIDATIONS) this.pendingInvalidations.add(key);
    }
    this.retryTimer ??= setTimeout(() => void this.retryInvalidations(), RETRY_INVALIDATION_MS).unref();
  }

  private async retryInvalidations(): Promise<void> {
    this.retryTimer = undefined;
    const keys = [...this.pendingInvalidations].slice(0, 500);
    if (await this.attempt(() => this.forget(keys))) {
      for (const key of keys) this.pendingInvalidations.delete(key);
    }
    if (this.pendingInvalidations.size > 0 && this.redis.status !== 'end') this.remember([]);
  }

  private report(error: unknown): void {
    if (this.guard.failed()) this.options.logger.warn('cache goes on without redis', { cache: this.options.prefix, error });
  }

  private valueKey(key: string): string {
    return `${this.options.prefix}:${key}`;
  }

  private leaseKey(key: string): string {
    return `${this.options.prefix}:${key}:lease`;
  }
}
