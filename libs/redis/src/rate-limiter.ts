import type { Logger } from '@emporium/telemetry';
import type { Redis } from 'ioredis';

/** A bucket that holds `capacity` tokens and gains `refillPerSecond`; `cost` (default 1) tokens are taken. */
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

export class RateLimiter {
  constructor(
    readonly redis: Redis,
    readonly options: { prefix: string; logger?: Logger },
  ) {}

  async take(_key: string, _limit: RateLimit): Promise<RateLimitDecision> {
    throw new Error('unfinished');
  }
}
