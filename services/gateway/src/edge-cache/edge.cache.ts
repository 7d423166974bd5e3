import type { RawResponse } from '@emporium/http-client';
import { LRUCache } from 'lru-cache';
import { allowedFor } from './caching.rules.ts';
import { edgeCacheMetrics } from './edge-cache.metrics.ts';
import { Flight } from './flight.ts';
import { ReadyAnswer } from './ready.answer.ts';

/** Asks the service; with a tag it may answer 304. Raises AppError when there is no answer. */
export type Ask = (ifNoneMatch: string | undefined) => Promise<RawResponse>;

interface Entry {
  readonly answer: RawResponse;
  readonly tag: string | undefined;
  /** Milliseconds of `performance.now()`. */
  readonly madeAt: number;
  readonly freshUntil: number;
  readonly usableUntil: number;
  /** How many writes there had been when it was asked for. */
  readonly era: number;
  /** Made for the first who gets it. */
  ready?: ReadyAnswer;
}

export interface EdgeCacheOptions {
  readonly maxBytes: number;
  /** How long a service may take before an older answer is given in its place. Default 900. */
  readonly patienceMs?: number;
}

/** Headers, key and bookkeeping of an entry, roughly. */
const overheadBytes = 1_000;
const largestBytes = 1_048_576;

/**
 * Answers to anonymous questions about the catalogue, kept in this process as long as their headers allow, a second at most. Questions that
 * are the same are asked once at a time. While a service fails or is slow, what may be shown stale is, with its `Age`.
 * `Cache-Status` (RFC 9211) says which it was. A client's own wish for a fresh answer is not heard: it would be a way around the cache.
 */
export class EdgeCache {
  private readonly entries: LRUCache<string, Entry>;
  private readonly flights = new Map<string, Flight>();
  private readonly patienceMs: number;
  private era = 0;

  constructor({ maxBytes, patienceMs = 900 }: EdgeCacheOptions) {
    this.patienceMs = patienceMs;
    this.entries = new LRUCache({
      maxSize: maxBytes,
      maxEntrySize: Math.min(maxBytes, largestBytes),
      sizeCalculation: ({ answer }, key) => answer.body.length + 2 * key.length + overheadBytes,
    });
  }

  /** Settled at once, without a promise, while the answer is fresh. Raises what `ask` raises when nothing may stand in for it. */
  get(key: string, ask: Ask): RawResponse | Promise<RawResponse> {
    const entry = this.entries.get(key);
    if (entry === undefined || !this.isFresh(entry)) return this.refresh(key, entry, ask);
    edgeCacheMetrics.hit.inc();
    return shown(entry, 'hit');
  }

  /** The same as `get` gives, ready to be sent, if it is fresh and `admits` says yes. */
  ready(key: string, admits: () => boolean): ReadyAnswer | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined || !this.isFresh(entry) || !admits()) return undefined;
    edgeCacheMetrics.hit.inc();
    // What is fresh is less than a second old, so its age stays what it is now: 0.
    entry.ready ??= new ReadyAnswer(shown(entry, 'hit'));
    return entry.ready;
  }

  /** Whether there is an answer that may be shown, if only because the service fails. */
  holds(key: string): boolean {
    const entry = this.entries.peek(key);
    return entry !== undefined && performance.now() < entry.usableUntil;
  }

  /** Somebody has changed the catalogue through this gateway: from here on every question is asked anew, also one that is under way. */
  changed(): void {
    this.era += 1;
  }

  /** What begins with this address must not be shown any more, not even while the service fails. */
  forget(address: string): void {
    for (const key of this.entries.keys()) if (key.startsWith(address)) this.entries.delete(key);
  }

  private isFresh({ era, freshUntil }: Entry): boolean {
    return era === this.era && performance.now() < freshUntil;
  }

  private async refresh(key: string, entry: Entry | undefined, ask: Ask): Promise<RawResponse> {
    const flying = this.flights.get(key);
    const joins = flying !== undefined && flying.era === this.era;
    const flight = joins ? flying : this.begin(key, entry, ask);
    if (entry === undefined || performance.now() >= entry.usableUntil) {
      (joins ? edgeCacheMetrics.shared : edgeCacheMetrics.miss).inc();
      return noted(await flight.answer, joins ? 'fwd=miss; collapsed' : 'fwd=miss');
    }

    const outcome = await flight.within(this.patienceMs);
    if (outcome === 'late' || outcome === 'failed') return stale(entry);
    // A service that itself shows an old copy, and an older one than ours.
    if (outcome.headers.age !== undefined && performance.now() - Number(outcome.headers.age) * 1_000 < entry.madeAt)
      return stale(entry);
    (joins ? edgeCacheMetrics.shared : edgeCacheMetrics.miss).inc();
    return noted(outcome, joins ? 'fwd=stale; collapsed' : 'fwd=stale');
  }

  private begin(key: string, entry: Entry | undefined, ask: Ask): Flight {
    const { era } = this;
    const flight = new Flight(era, async (askedAt) => {
      try {
        return this.keep(key, await ask(entry?.tag), { era, askedAt, entry });
      } finally {
        if (this.flights.get(key) === flight) this.flights.delete(key);
      }
    });
    this.flights.set(key, flight);
    return flight;
  }

  /** Stores what may be stored, and gives the answer that its clients see. */
  private keep(
    key: string,
    given: RawResponse,
    { era, askedAt, entry }: { era: number; askedAt: number; entry?: Entry },
  ): RawResponse {
    const answer = given.status === 304 && entry !== undefined ? renewed(entry.answer, given) : given;
    const allowed = allowedFor(answer);
    const now = this.entries.peek(key);
    if (allowed === undefined) {
      if (answer.status < 500 && answer.status !== 429) this.entries.delete(key);
      return answer;
    }
    const madeAt = askedAt - allowed.ageMs;
    // Of two answers the one asked for after the last write counts, then the younger.
    if (now !== undefined && (now.era > era || (now.era === era && now.madeAt > madeAt))) return answer;
    this.entries.set(key, {
      answer,
      tag: typeof answer.headers.etag === 'string' ? answer.headers.etag : undefined,
      madeAt,
      freshUntil: madeAt + allowed.freshMs,
      usableUntil: madeAt + allowed.usableMs,
      era,
    });
    edgeCacheMetrics.holds({ bytes: this.entries.calculatedSize, entries: this.entries.size });
    return answer;
  }
}

/** The answer we had, with the headers of the 304 that says it still holds; how old that one was does not count any more. */
function renewed({ body, headers }: RawResponse, { headers: newer }: RawResponse): RawResponse {
  const { age: _, 'cache-status': __, ...kept } = headers;
  return { status: 200, body, headers: { ...kept, ...newer } };
}

function stale(entry: Entry): RawResponse {
  edgeCacheMetrics.stale.inc();
  const lateBy = Math.max(1, Math.ceil((performance.now() - entry.freshUntil) / 1_000));
  return shown(entry, `hit; ttl=-${lateBy}`);
}

function shown({ answer, madeAt }: Entry, what: string): RawResponse {
  const age = String(Math.max(0, Math.floor((performance.now() - madeAt) / 1_000)));
  return noted({ ...answer, headers: { ...answer.headers, age } }, what);
}

/** The list of caches begins with the one nearest to the service. */
function noted(answer: RawResponse, what: string): RawResponse {
  const before = answer.headers['cache-status'];
  const status = typeof before === 'string' ? `${before}, gateway; ${what}` : `gateway; ${what}`;
  return { ...answer, headers: { ...answer.headers, 'cache-status': status } };
}
