import { registry } from '@emporium/telemetry';
import { recordingLogger, type TcpProxy, tcpProxy, testRedis } from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { closeRedis, connectRedis, RateLimiter, type Redis, redisReady } from './index.ts';

describe('a rate limiter', () => {
  const store = testRedis();
  const slow = { capacity: 10, refillPerSecond: 0.01 };
  let proxy: TcpProxy;
  let redis: Redis;

  beforeEach(async () => {
    await store.redis.flushdb();
    proxy = await tcpProxy(store.url);
    redis = connectRedis({ url: proxy.url, name: 'spec', commandTimeoutMs: 200 });
    expect(await redisReady(redis, 5_000)).toBe(true);
  });
  afterEach(async () => {
    closeRedis(redis);
    await proxy.close();
  });

  it('lets exactly ten of fifty racers on two replicas through', async () => {
    const replicas = [new RateLimiter(redis, { prefix: 'limit' }), new RateLimiter(store.redis, { prefix: 'limit' })];

    const decisions = await Promise.all(
      Array.from({ length: 50 }, (_, index) => (replicas[index % 2] as RateLimiter).take('me', slow)),
    );

    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(10);
  });

  it('gives the last token in spite of a rate that does not divide evenly', async () => {
    const limiter = new RateLimiter(redis, { prefix: 'limit' });

    for (let index = 0; index < 30; index += 1) {
      expect(await limiter.take('me', { capacity: 30, refillPerSecond: 0.007 })).toMatchObject({
        allowed: true,
        remaining: 29 - index,
      });
    }
    expect(await limiter.take('me', { capacity: 30, refillPerSecond: 0.007 })).toMatchObject({ allowed: false });
  });

  it('says what is left and when to come back, as the bucket in memory does', async () => {
    const limiter = new RateLimiter(redis, { prefix: 'limit' });

    expect(await limiter.take('me', { capacity: 3, refillPerSecond: 0.5, cost: 3 })).toEqual({
      allowed: true,
      remaining: 0,
      retryAfterSeconds: 0,
      resetSeconds: 6,
    });
    expect(await limiter.take('me', { capacity: 3, refillPerSecond: 0.5 })).toEqual({
      allowed: false,
      remaining: 0,
      retryAfterSeconds: 2,
      resetSeconds: 6,
    });
  });

  it('is empty at worst when its limit has been raised: it owes nothing for the time of the lower one', async () => {
    const limiter = new RateLimiter(redis, { prefix: 'limit' });
    const low = { capacity: 2, refillPerSecond: 0.01 };
    await limiter.take('me', { ...low, cost: 2 });
    expect(await limiter.take('me', low)).toMatchObject({ allowed: false, retryAfterSeconds: 100 });

    const high = { capacity: 10, refillPerSecond: 10 };

    expect(await limiter.take('me', high)).toMatchObject({ allowed: false, retryAfterSeconds: 1, resetSeconds: 1 });
    await expect.poll(async () => (await limiter.take('me', high)).allowed, { interval: 10 }).toBe(true);
    expect(await store.redis.pttl('limit:me')).toBeLessThanOrEqual(1_001);
  });

  it('fills again with time', async () => {
    const limiter = new RateLimiter(redis, { prefix: 'limit' });
    const quick = { capacity: 1, refillPerSecond: 20 };
    expect((await limiter.take('me', quick)).allowed).toBe(true);
    expect((await limiter.take('me', quick)).allowed).toBe(false);

    await expect.poll(async () => (await limiter.take('me', quick)).allowed, { interval: 10 }).toBe(true);
  });

  it('keeps one number per key, which goes away when the bucket is full', async () => {
    const limiter = new RateLimiter(redis, { prefix: 'limit' });

    await limiter.take('me', { capacity: 5, refillPerSecond: 1 });

    expect(await store.redis.keys('*')).toEqual(['limit:me']);
    expect(await store.redis.pttl('limit:me')).toBeLessThanOrEqual(1_001);
    expect(await store.redis.pttl('limit:me')).toBeGreaterThan(0);
  });

  it('goes on after Redis forgot the script', async () => {
    const limiter = new RateLimiter(redis, { prefix: 'limit' });
    await limiter.take('me', slow);

    await store.redis.script('FLUSH');

    expect(await limiter.take('me', slow)).toMatchObject({ allowed: true, remaining: 8 });
  });

  it('counts in this process when Redis hangs, and only the first calls wait for it', async () => {
    const { logger, lines } = recordingLogger();
    const limiter = new RateLimiter(redis, { prefix: 'hung', logger });
    proxy.hang();

    const startedAt = performance.now();
    const decisions = [];
    for (let index = 0; index < 30; index += 1) decisions.push(await limiter.take('me', slow));

    expect(performance.now() - startedAt).toBeLessThan(1_500);
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(10);
    expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    const fallbacks = await registry.getSingleMetric('emporium_rate_limit_fallbacks_total')?.get();
    expect(fallbacks?.values.find(({ labels }) => labels.limiter === 'hung')?.value).toBe(30);
  });

  it('counts in Redis again once it is back', async () => {
    const limiter = new RateLimiter(redis, { prefix: 'limit' });
    proxy.hang();
    for (let index = 0; index < 3; index += 1) await limiter.take('me', slow);

    proxy.resume();

    await expect
      .poll(
        async () => {
          await limiter.take('me', slow);
          return store.redis.exists('limit:me');
        },
        { timeout: 5_000 },
      )
      .toBe(1);
  });

  it('waits for nothing when there is no connection', async () => {
    const limiter = new RateLimiter(redis, { prefix: 'limit' });
    proxy.cut();
    await expect.poll(() => redis.status).not.toBe('ready');

    const startedAt = performance.now();
    const decisions = await Promise.all(Array.from({ length: 50 }, () => limiter.take('me', slow)));

    expect(performance.now() - startedAt).toBeLessThan(100);
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(10);
  });
});
