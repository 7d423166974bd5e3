import { closeRedis, connectRedis, type Redis, redisReady } from '@emporium/redis';
import { afterAll, beforeAll, beforeEach } from 'vitest';

/** A Redis database of the spec's own, empty before every test. */
export interface TestRedis {
  /** With the number of the database. */
  readonly url: string;
  /** A connection for looking and preparing; not the one under test. */
  readonly redis: Redis;
}

/** Call it inside `describe`. Spec files that run at once get different databases: one per worker of Vitest, of the sixteen a server has. */
export function testRedis(): TestRedis {
  const url = new URL(process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379');
  url.pathname = `/${Number(process.env.VITEST_POOL_ID ?? 0) % 16}`;
  const redis = connectRedis({ url: url.href, name: 'spec', commandTimeoutMs: 10_000, connectTimeoutMs: 10_000 });

  beforeAll(async () => {
    if (!(await redisReady(redis, 15_000))) throw new Error(`There is no Redis at ${url.host}.`);
  });
  beforeEach(async () => {
    await redis.flushdb();
  });
  afterAll(() => closeRedis(redis));

  return { url: url.href, redis };
}
