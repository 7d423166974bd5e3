export type { Redis } from 'ioredis';
export { Cache, type CacheOptions, type LoadOptions } from './cache.ts';
export { Generation } from './generation.ts';
export { type Found, LastGood, type LastGoodOptions } from './last-good.ts';
export { RateLimiter } from './rate-limiter.ts';
export { RecentChanges, type RecentChangesOptions } from './recent-changes.ts';
export { closeRedis, connectBlockingRedis, connectRedis, type RedisConnectionOptions, redisReady } from './redis.ts';
export type { RateLimit, RateLimitDecision } from './token-bucket.ts';
