/** A bucket that holds `capacity` tokens and gains `refillPerSecond`; `cost` (default 1) tokens are taken. All above 0. */
export interface RateLimit {
  capacity: number;
  refillPerSecond: number;
  cost?: number;
}

/** `retryAfterSeconds` is 0 when allowed; `resetSeconds` is the time until the bucket is full. Both whole seconds, rounded up. */
export interface RateLimitDecision {
  allowed: boolean;
  remaining: number;
  retryAfterSeconds: number;
  resetSeconds: number;
}

/**
 * The bucket as one number, the moment at which it will be full again (GCRA): one read and one write a decision.
 * Times are microseconds; TIME of the server decides, so that replicas with other clocks share one bucket.
 * An empty bucket is never emptier than the limit of now allows, although a lower one may have been in force when it was emptied.
 * One microsecond is forgiven: a double holds today's moment to a quarter of one, and rounding must not refuse the last token.
 */
export const TOKEN_BUCKET = `
local time = redis.call('time')
local now = time[1] * 1000000 + time[2]
local capacity = tonumber(ARGV[1])
local perToken = 1000000 / tonumber(ARGV[2])
local cost = tonumber(ARGV[3])
local empty = now + capacity * perToken
local stored = tonumber(redis.call('get', KEYS[1]) or now)
local full = math.min(math.max(stored, now), empty)
local after = full + cost * perToken
local wait = math.ceil(after - empty)
local allowed = 0
if wait <= 1 then
  allowed = 1
  wait = 0
  full = math.floor(after)
end
if allowed == 1 or stored > empty then
  redis.call('set', KEYS[1], string.format('%.0f', full), 'px', math.ceil((full - now) / 1000) + 1)
end
return { allowed, math.floor((capacity * perToken - (full - now)) / perToken + 0.000001), wait, math.ceil(full - now) }`;

export type BucketReply = [allowed: number, remaining: number, waitMicros: number, resetMicros: number];

export const toDecision = ([allowed, remaining, waitMicros, resetMicros]: BucketReply): RateLimitDecision => ({
  allowed: allowed === 1,
  remaining: Math.max(0, remaining),
  retryAfterSeconds: Math.ceil(waitMicros / 1_000_000),
  resetSeconds: Math.ceil(resetMicros / 1_000_000),
});

const MAX_BUCKETS = 10_000;

/** The same bucket in this process, for the time without Redis. Keeps the 10,000 keys used last; a forgotten key starts full. */
export class MemoryBuckets {
  private readonly fullAt = new Map<string, number>();

  take(
    key: string,
    { capacity, refillPerSecond, cost = 1 }: RateLimit,
    nowMicros = performance.now() * 1_000,
  ): RateLimitDecision {
    const perToken = 1_000_000 / refillPerSecond;
    const empty = nowMicros + capacity * perToken;
    let full = Math.min(Math.max(this.fullAt.get(key) ?? nowMicros, nowMicros), empty);
    const after = full + cost * perToken;
    const wait = after - empty;
    // Sums of fractions: a millionth of a microsecond must not refuse the last token.
    const allowed = wait <= 1e-3;
    if (allowed) full = after;
    this.remember(key, full);

    const remaining = Math.floor((capacity * perToken - (full - nowMicros)) / perToken + 1e-6);
    return toDecision([allowed ? 1 : 0, remaining, allowed ? 0 : wait, full - nowMicros]);
  }

  private remember(key: string, full: number): void {
    this.fullAt.delete(key);
    this.fullAt.set(key, full);
    if (this.fullAt.size <= MAX_BUCKETS) return;
    for (const oldest of this.fullAt.keys()) {
      this.fullAt.delete(oldest);
      break;
    }
  }
}
