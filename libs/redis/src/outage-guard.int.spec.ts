import { type TcpProxy, tcpProxy, testRedis } from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { closeRedis, connectRedis, type Redis, redisReady } from './index.ts';
import { OutageGuard } from './outage-guard.ts';

describe('the guard of a connection', () => {
  const store = testRedis();
  let proxy: TcpProxy;
  let redis: Redis;

  beforeEach(async () => {
    await store.redis.flushdb();
    proxy = await tcpProxy(store.url);
    redis = connectRedis({ url: proxy.url, name: 'spec' });
    expect(await redisReady(redis, 5_000)).toBe(true);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    closeRedis(redis);
    await proxy.close();
  });

  it('is one for all who use the connection', () => {
    expect(OutageGuard.of(redis)).toBe(OutageGuard.of(redis));
    expect(OutageGuard.of(redis)).not.toBe(OutageGuard.of(store.redis));
  });

  it('bears two failures, and says at the third that an outage began', () => {
    const guard = OutageGuard.of(redis);

    expect([guard.failed(), guard.failed()]).toEqual([false, false]);
    expect(guard.allows()).toBe(true);
    expect(guard.failed()).toBe(true);
    expect(guard.allows()).toBe(false);
    expect(guard.failed()).toBe(false);
  });

  it('lets one caller try after a second, and all after a success', () => {
    const clock = vi.spyOn(performance, 'now').mockReturnValue(10_000);
    const guard = OutageGuard.of(redis);
    for (let index = 0; index < 3; index += 1) guard.failed();

    clock.mockReturnValue(11_001);
    expect([guard.allows(), guard.allows(), guard.allows()]).toEqual([true, false, false]);

    guard.succeeded();
    expect([guard.allows(), guard.allows()]).toEqual([true, true]);
  });

  it('forgets the outage when the connection is made anew', async () => {
    const guard = OutageGuard.of(redis);
    for (let index = 0; index < 3; index += 1) guard.failed();

    proxy.resume();
    await expect.poll(() => redis.status).not.toBe('ready');
    expect(guard.allows()).toBe(false);
    expect(await redisReady(redis, 5_000)).toBe(true);

    expect(guard.allows()).toBe(true);
  });
});
