import { counter, type Logger } from '@emporium/telemetry';
import type { Redis } from 'ioredis';
import { OutageGuard } from './outage-guard.ts';
import {
  type BucketReply,
  MemoryBuckets,
  type RateLimit,
  type RateLimitDecision,
  TOKEN_BUCKET,
  toDecision,
} from './token-bucket.ts';

interface BucketCommands {
  emporiumTakeTokens(key: string, capacity: number, refillPerSecond: number, cost: number): Promise<BucketReply>;
}

/**
 * Token buckets shared by all replicas: one EVALSHA a decision, on the clock of Redis. Without Redis every process counts for itself,
 * so N replicas then let through up to N times as much. Never throws because of Redis. A refused call takes nothing.
 */
export class RateLimiter {
  private readonly redis: Redis & BucketCommands;
  private readonly guard: OutageGuard;
  private readonly local = new MemoryBuckets();
  private readonly fallbacks;

  constructor(
    redis: Redis,
    private readonly options: { prefix: string; logger?: Logger },
  ) {
    redis.defineCommand('emporiumTakeTokens', { numberOfKeys: 1, lua: TOKEN_BUCKET });
    this.redis = redis as Redis & BucketCommands;
    this.guard = OutageGuard.of(redis);
    this.fallbacks = counter('emporium_rate_limit_fallbacks_total', 'Decisions made without Redis.', ['limiter']).labels(
      options.prefix,
    );
  }

  async take(key: string, limit: RateLimit): Promise<RateLimitDecision> {
    const { capacity, refillPerSecond, cost = 1 } = limit;
    const reply = await this.guard.attempt(
      () => this.redis.emporiumTakeTokens(`${this.options.prefix}:${key}`, capacity, refillPerSecond, cost),
      (error) =>
        this.options.logger?.warn('rate limits are counted in this process only', { limiter: this.options.prefix, error }),
    );
    return reply === undefined ? this.takeLocally(key, limit) : toDecision(reply);
  }

  private takeLocally(key: string, limit: RateLimit): RateLimitDecision {
    this.fallbacks.inc();
    return this.local.take(key, limit);
  }
}
