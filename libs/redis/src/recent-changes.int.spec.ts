import { type TcpProxy, tcpProxy, testRedis } from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeRedis, connectRedis, RecentChanges, type Redis, redisReady } from './index.ts';

describe('what changed lately', () => {
  const store = testRedis();
  let proxy: TcpProxy;
  let redis: Redis;
  const on = (connection: Redis, forMs = 60_000) => new RecentChanges(connection, { prefix: 'things', forMs });

  beforeEach(async () => {
    proxy = await tcpProxy(store.url);
    redis = connectRedis({ url: proxy.url, name: 'spec', commandTimeoutMs: 200 });
    expect(await redisReady(redis, 5_000)).toBe(true);
  });
  afterEach(async () => {
    closeRedis(redis);
    await proxy.close();
  });

  it('is known to all processes, and nothing else is', async () => {
    await on(redis).note('1', '2');

    const other = on(store.redis);
    expect(await Promise.all(['1', '2', '3'].map((key) => other.has(key)))).toEqual([true, true, false]);
  });

  it('is forgotten in time', async () => {
    const changes = on(redis, 50);
    await changes.note('1');

    await expect.poll(() => changes.has('1')).toBe(false);
  });

  it('may be anything, to the process whose note Redis did not take', async () => {
    const [changes, other] = [on(redis, 1_000), on(store.redis)];
    proxy.cut();
    await expect.poll(() => redis.status).not.toBe('ready');
    await changes.note('1');

    expect([await changes.has('1'), await changes.has('2'), await other.has('1')]).toEqual([true, true, false]);
    await expect.poll(() => changes.has('1'), { timeout: 3_000 }).toBe(false);
  });

  it('is nothing while Redis hangs and nobody noted anything', async () => {
    proxy.hang();

    expect(await on(redis).has('1')).toBe(false);
  });
});
