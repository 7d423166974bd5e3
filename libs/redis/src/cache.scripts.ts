import type { Redis } from 'ioredis';

/** A load that began before an invalidation finds its lease gone and must not write what it read. */
const STORE = `
if redis.call('get', KEYS[2]) ~= ARGV[1] then return 0 end
redis.call('set', KEYS[1], ARGV[2], 'px', ARGV[3])
redis.call('del', KEYS[2])
return 1`;

const GIVE_BACK = `
if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) end
return 0`;

/** The connection with the cache's scripts on it. */
export interface CacheCommands {
  emporiumCacheStore(valueKey: string, leaseKey: string, token: string, value: string, ttlMs: number): Promise<number>;
  emporiumCacheGiveBack(leaseKey: string, token: string): Promise<number>;
}

export function withCacheScripts(redis: Redis): Redis & CacheCommands {
  redis.defineCommand('emporiumCacheStore', { numberOfKeys: 2, lua: STORE });
  redis.defineCommand('emporiumCacheGiveBack', { numberOfKeys: 1, lua: GIVE_BACK });
  return redis as Redis & CacheCommands;
}
