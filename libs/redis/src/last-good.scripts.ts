import type { Redis } from 'ioredis';

/** Keeps a copy and notes when; of more than the allowed number the ones kept longest ago go. */
const KEEP = `
redis.call('set', KEYS[1], ARGV[1], 'px', ARGV[2])
redis.call('zadd', KEYS[2], ARGV[3], KEYS[1])
redis.call('pexpire', KEYS[2], ARGV[2])
for _ = 1, redis.call('zcard', KEYS[2]) - tonumber(ARGV[4]) do
  redis.call('del', redis.call('zpopmin', KEYS[2])[1])
end`;

/** The connection with the script on it. */
export interface LastGoodCommands {
  emporiumKeepLastGood(copyKey: string, indexKey: string, text: string, keepMs: number, at: number, max: number): Promise<null>;
}

export function withLastGoodScript(redis: Redis): Redis & LastGoodCommands {
  redis.defineCommand('emporiumKeepLastGood', { numberOfKeys: 2, lua: KEEP });
  return redis as Redis & LastGoodCommands;
}
