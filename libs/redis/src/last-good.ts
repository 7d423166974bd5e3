import { AppError } from '@emporium/errors';
import { type Logger, regardlessOfDeadline } from '@emporium/telemetry';
import type { Redis } from 'ioredis';
import { cacheMetrics } from './cache-metrics.ts';
import { type LastGoodCommands, withLastGoodScript } from './last-good.scripts.ts';
import { OutageGuard } from './outage-guard.ts';

/** Settings of the copies of one kind of value. Times are milliseconds. */
export interface LastGoodOptions {
  /** Put before every key, for example `product:v1`. */
  prefix: string;
  logger: Logger;
  /** Label of the metrics; the prefix when left out. */
  name?: string;
  /** How old a copy may be that is still shown. */
  keepMs: number;
  /** Copies kept; beyond it the ones kept longest ago go. */
  max: number;
  /** How long a source may take before a copy is shown in its place. Default 600. */
  patienceMs?: number;
}

/** A value, and how old it is when the source could not be asked: then it is a copy of what was found this long ago. */
export interface Found<T> {
  readonly value: T;
  readonly staleForMs?: number;
}

interface Copy {
  readonly at: number;
  readonly value: unknown;
}

/** After a failure one reader a second tries the source in full; the others give it this long, enough for a cache between. */
const SHORT_PATIENCE_MS = 50;
const PAUSE_MS = 1_000;

/**
 * The last good answers of a source, shown with their age while it fails (AppError unavailable or timeout) or is slow. For values that
 * survive JSON and that nothing is decided by. Throws only what the source throws, when there is no copy.
 * Does not shorten the wait when there is none, and forgets nothing by itself that the source has not denied (any other AppError).
 */
export class LastGood {
  private readonly redis: Redis & LastGoodCommands;
  private readonly guard: OutageGuard;
  private readonly stale: { inc(): void };
  private readonly patienceMs: number;
  /** `performance.now()` before which the source is not trusted; undefined while it works. */
  private suspectUntil: number | undefined;

  constructor(
    redis: Redis,
    private readonly options: LastGoodOptions,
  ) {
    this.redis = withLastGoodScript(redis);
    this.guard = OutageGuard.of(redis);
    this.stale = cacheMetrics(options.name ?? options.prefix).stale;
    this.patienceMs = options.patienceMs ?? 600;
  }

  /** What `through(load)` gives, or the copy of an earlier `load`. `through` is the cache in front of the source, if there is one. */
  async find<T>(
    key: string,
    load: () => Promise<T>,
    through: (load: () => Promise<T>) => Promise<T> = (load) => load(),
  ): Promise<Found<T>> {
    const patienceMs = this.patience();
    const finding = through(() => this.watched(key, load));
    const outcome = await within(finding, patienceMs);
    if (outcome === 'late') this.distrust();
    else if ('value' in outcome) return { value: outcome.value };
    else if (!isOutage(outcome.error)) throw outcome.error;

    const copy = await this.attempt(() => this.redis.get(this.copyKey(key)));
    const { at, value } = parse(copy) ?? {};
    // Without a copy the source's own answer, or failure, is all there is.
    if (at === undefined) return { value: await finding };
    this.stale.inc();
    return { value: value as T, staleForMs: Math.max(0, Date.now() - at) };
  }

  /** For what must not be shown any more, not even as a copy. Does not throw; without Redis the copy stays until its time is over. */
  async forget(key: string): Promise<void> {
    await this.attempt(() => this.redis.multi().del(this.copyKey(key)).zrem(this.indexKey, this.copyKey(key)).exec());
  }

  private async watched<T>(key: string, load: () => Promise<T>): Promise<T> {
    const began = performance.now();
    const at = Date.now();
    try {
      // A reader in a hurry says nothing about the source.
      const value = await regardlessOfDeadline(load);
      if (performance.now() - began <= this.patienceMs) this.suspectUntil = undefined;
      void this.keep(key, { at, value });
      return value;
    } catch (error) {
      if (isOutage(error)) this.distrust();
      else if (error instanceof AppError) void this.forget(key);
      throw error;
    }
  }

  private patience(): number {
    if (this.suspectUntil === undefined) return this.patienceMs;
    if (performance.now() < this.suspectUntil) return Math.min(SHORT_PATIENCE_MS, this.patienceMs);
    this.distrust();
    return this.patienceMs;
  }

  private distrust(): void {
    this.suspectUntil = performance.now() + PAUSE_MS;
  }

  private async keep(key: string, copy: Copy): Promise<void> {
    const { keepMs, max } = this.options;
    const text = JSON.stringify(copy);
    await this.attempt(() =>
      this.redis.emporiumKeepLastGood(this.copyKey(key), this.indexKey, text, Math.ceil(keepMs), copy.at, max),
    );
  }

  private attempt<R>(command: () => Promise<R>): Promise<R | undefined> {
    return this.guard.attempt(command, (error) =>
      this.options.logger.warn('last good copies are out of reach', { cache: this.options.prefix, error }),
    );
  }

  private copyKey(key: string): string {
    return `${this.options.prefix}:last-good:${key}`;
  }

  private get indexKey(): string {
    return `${this.options.prefix}:last-good-index`;
  }
}

const isOutage = (error: unknown): boolean =>
  error instanceof AppError && (error.kind === 'unavailable' || error.kind === 'timeout');

type Outcome<T> = { value: T } | { error: unknown } | 'late';

/** How the work stands after at most so long. The work goes on, and its failure is nobody's surprise. */
function within<T>(work: Promise<T>, ms: number): Promise<Outcome<T>> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms, 'late');
    work.then(
      (value) => {
        clearTimeout(timer);
        resolve({ value });
      },
      (error: unknown) => {
        clearTimeout(timer);
        resolve({ error });
      },
    );
  });
}

/** Undefined also for what somebody else wrote there. */
function parse(text: string | null | undefined): Copy | undefined {
  if (typeof text !== 'string') return undefined;
  try {
    const copy: unknown = JSON.parse(text);
    return typeof copy === 'object' && copy !== null && 'at' in copy && typeof copy.at === 'number' && 'value' in copy
      ? { at: copy.at, value: copy.value }
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
