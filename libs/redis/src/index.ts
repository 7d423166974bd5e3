export type { Redis } from 'ioredis';
export { Cache, type CacheOptions, type LoadOptions } from './cache.ts';
export { type RateLimit, type RateLimitDecision, RateLimiter } from './rate-limiter.ts';
export { connectBlockingRedis, connectRedis, type RedisConnectionOptions } from './redis.ts';
