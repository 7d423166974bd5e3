import { registry, remainingMs, runInContext } from '@emporium/telemetry';
import { recordingLogger, type TcpProxy, tcpProxy, testRedis } from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Cache, closeRedis, connectRedis, type Redis, redisReady } from './index.ts';

const ttlMs = 60_000;

/** A load that ends when the spec says so. */
function gatedLoad<T>() {
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const began = Promise.withResolvers<void>();
  let calls = 0;
  const load = () => {
    calls += 1;
    began.resolve();
    return promise;
  };
  return { load, resolve, reject, began: began.promise, calls: () => calls };
}

const readsOf = async (cache: string) => {
  const metric = await registry.getSingleMetric('emporium_cache_reads_total')?.get();
  return Object.fromEntries(
    (metric?.values ?? []).filter(({ labels }) => labels.cache === cache).map(({ labels, value }) => [labels.outcome, value]),
  );
};

describe('a cache', () => {
  const store = testRedis();
  let proxy: TcpProxy;
  let redis: Redis;
  let log: ReturnType<typeof recordingLogger>;
  const cacheOn = (connection: Redis) => new Cache(connection, { prefix: 'things', logger: log.logger });

  beforeEach(async () => {
    log = recordingLogger();
    await store.redis.flushdb();
    proxy = await tcpProxy(store.url);
    redis = connectRedis({ url: proxy.url, name: 'spec', commandTimeoutMs: 200 });
    expect(await redisReady(redis, 5_000)).toBe(true);
  });
  afterEach(async () => {
    closeRedis(redis);
    await proxy.close();
  });

  it('loads once and remembers', async () => {
    const cache = new Cache(redis, { prefix: 'things', name: 'counted', logger: log.logger });
    let loads = 0;
    const load = async () => ({ name: 'lamp', loads: ++loads });

    await cache.getOrLoad('1', { ttlMs, load });

    expect(await cache.getOrLoad('1', { ttlMs, load })).toEqual({ name: 'lamp', loads: 1 });
    expect(await cacheOn(store.redis).getOrLoad('1', { ttlMs, load })).toEqual({ name: 'lamp', loads: 1 });
    expect(await readsOf('counted')).toMatchObject({ miss: 1, hit: 1 });
  });

  it('remembers null, false and zero, and never undefined', async () => {
    const cache = cacheOn(redis);
    for (const value of [null, false, 0]) {
      await cache.getOrLoad(String(value), { ttlMs, load: async () => value });
      expect(await cache.getOrLoad<unknown>(String(value), { ttlMs, load: async () => 'again' })).toBe(value);
    }

    await cache.getOrLoad('nothing', { ttlMs, load: async () => undefined });
    expect(await cache.getOrLoad<unknown>('nothing', { ttlMs, load: async () => 'again' })).toBe('again');
  });

  it('takes up to a tenth off the TTL, or what it is told', async () => {
    const cache = cacheOn(redis);
    for (let index = 0; index < 20; index += 1) await cache.getOrLoad(`${index}`, { ttlMs: 100_000, load: async () => 1 });
    await cache.getOrLoad('exact', { ttlMs: 100_000, jitter: 0, load: async () => 1 });

    const ttls = await Promise.all(Array.from({ length: 20 }, (_, index) => store.redis.pttl(`things:${index}`)));

    expect(Math.min(...ttls)).toBeGreaterThan(89_000);
    expect(new Set(ttls.map((ttl) => Math.round(ttl / 500))).size).toBeGreaterThan(3);
    expect(await store.redis.pttl('things:exact')).toBeGreaterThan(99_000);
  });

  it('asks the source once for a hundred callers at a time', async () => {
    const cache = cacheOn(redis);
    const gate = gatedLoad<string>();

    const callers = Array.from({ length: 100 }, () => cache.getOrLoad('1', { ttlMs, load: gate.load }));
    await gate.began;
    gate.resolve('value');

    expect(new Set(await Promise.all(callers))).toEqual(new Set(['value']));
    expect(gate.calls()).toBe(1);
  });

  it('lets every caller of a failed load see the failure, and tries anew afterwards', async () => {
    const cache = cacheOn(redis);
    const failing = async () => Promise.reject(new Error('source is down'));

    const callers = await Promise.allSettled([1, 2, 3].map(() => cache.getOrLoad('1', { ttlMs, load: failing })));

    expect(callers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(await cache.getOrLoad('1', { ttlMs, load: async () => 'up' })).toBe('up');
    expect(await store.redis.get('things:1')).toBe('"up"');
  });

  it('shares a load that does not end with the request that began it', async () => {
    const cache = cacheOn(redis);
    const left = async () => remainingMs() ?? 'all the time';

    const begun = runInContext({ requestId: 'r', deadline: Date.now() + 1 }, () => cache.getOrLoad('1', { ttlMs, load: left }));

    expect(await Promise.all([begun, cache.getOrLoad('1', { ttlMs, load: left })])).toEqual(['all the time', 'all the time']);
  });

  it('forgets what is invalidated', async () => {
    const cache = cacheOn(redis);
    await cache.getOrLoad('1', { ttlMs, load: async () => 'old' });
    await cache.getOrLoad('2', { ttlMs, load: async () => 'old' });

    await cache.invalidate('1', '2');
    await cache.invalidate();

    expect(await cache.getOrLoad('1', { ttlMs, load: async () => 'new' })).toBe('new');
    expect(await cache.getOrLoad('2', { ttlMs, load: async () => 'new' })).toBe('new');
  });

  it('never stores what a load read before an invalidation', async () => {
    const cache = cacheOn(redis);
    const gate = gatedLoad<string>();
    const reader = cache.getOrLoad('1', { ttlMs, load: gate.load });
    await gate.began;

    await cacheOn(store.redis).invalidate('1');
    gate.resolve('stale');

    expect(await reader).toBe('stale');
    expect(await store.redis.get('things:1')).toBeNull();
  });

  it('does not let a stale load overwrite the fresh one that overtook it', async () => {
    const [slow, fast] = [cacheOn(redis), cacheOn(store.redis)];
    const gate = gatedLoad<string>();
    const reader = slow.getOrLoad('1', { ttlMs, load: gate.load });
    await gate.began;
    await fast.invalidate('1');

    await fast.getOrLoad('1', { ttlMs, load: async () => 'fresh' });
    gate.resolve('stale');
    await reader;

    expect(await store.redis.get('things:1')).toBe('"fresh"');
  });

  it('does not let a caller who comes after an invalidation join a load from before it', async () => {
    const cache = cacheOn(redis);
    const gate = gatedLoad<string>();
    const early = cache.getOrLoad('1', { ttlMs, load: gate.load });
    await gate.began;

    await cache.invalidate('1');
    const late = await cache.getOrLoad('1', { ttlMs, load: async () => 'fresh' });
    gate.resolve('stale');

    expect([await early, late]).toEqual(['stale', 'fresh']);
    expect(await cache.getOrLoad('1', { ttlMs, load: async () => 'neither' })).toBe('fresh');
  });

  it('agrees with the source after two hundred racing reads and writes on two replicas', async () => {
    const replicas = [cacheOn(redis), cacheOn(store.redis)];
    let source = 0;
    const jitteredLoad = async () => {
      const seen = source;
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 4));
      return seen;
    };
    const actions = Array.from({ length: 200 }, async (_, index) => {
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 100));
      const replica = replicas[index % 2] as Cache;
      if (index % 5 !== 0) return replica.getOrLoad('1', { ttlMs, load: jitteredLoad });
      source += 1;
      return replica.invalidate('1');
    });

    await Promise.all(actions);

    for (const replica of replicas) expect(await replica.getOrLoad('1', { ttlMs, load: jitteredLoad })).toBe(source);
  });

  it('takes text that is no JSON for a missing value', async () => {
    await store.redis.set('things:1', '{broken');

    expect(await cacheOn(redis).getOrLoad('1', { ttlMs, load: async () => 'whole' })).toBe('whole');
    expect(await store.redis.get('things:1')).toBe('"whole"');
  });

  it('loads for itself while another process holds the lease, and leaves storing to that one', async () => {
    await store.redis.set('things:1:lease', 'somebody');

    expect(await cacheOn(redis).getOrLoad('1', { ttlMs, load: async () => 'mine' })).toBe('mine');
    expect(await store.redis.get('things:1')).toBeNull();
  });

  it('goes to the source when Redis hangs, and only the first reads wait, each no longer than the command timeout', async () => {
    const cache = cacheOn(redis);
    await cache.getOrLoad('1', { ttlMs, load: async () => 'cached' });
    proxy.hang();

    const times: number[] = [];
    for (let index = 0; index < 30; index += 1) {
      const startedAt = performance.now();
      expect(await cache.getOrLoad('1', { ttlMs, load: async () => 'source' })).toBe('source');
      times.push(performance.now() - startedAt);
    }

    expect(times.filter((time) => time > 150).length).toBeLessThanOrEqual(4);
    expect(Math.max(...times)).toBeLessThan(400);
    expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  it('goes to the source when Redis begins to hang between the miss and the store', async () => {
    const cache = cacheOn(redis);
    const gate = gatedLoad<string>();
    const reader = cache.getOrLoad('1', { ttlMs, load: gate.load });
    await gate.began;

    proxy.hang();
    gate.resolve('loaded');

    expect(await reader).toBe('loaded');
  });

  it('makes up for an invalidation that Redis did not hear, and reads the source until then', async () => {
    const cache = cacheOn(redis);
    await cache.getOrLoad('1', { ttlMs, load: async () => 'old' });
    proxy.cut();
    await expect.poll(() => redis.status).not.toBe('ready');

    await cache.invalidate('1');
    expect(await cache.getOrLoad('1', { ttlMs, load: async () => 'new' })).toBe('new');
    expect(await store.redis.get('things:1')).toBe('"old"');
    proxy.resume();
    expect(await redisReady(redis, 5_000)).toBe(true);

    expect(await cache.getOrLoad('1', { ttlMs, load: async () => 'new' })).toBe('new');
    await expect.poll(() => store.redis.get('things:1'), { timeout: 5_000 }).not.toBe('"old"');
    await expect
      .poll(async () => {
        await cache.getOrLoad('1', { ttlMs, load: async () => 'new' });
        return store.redis.get('things:1');
      })
      .toBe('"new"');
  });

  it('makes up for an invalidation whose answer was lost in a hang', async () => {
    const cache = cacheOn(redis);
    await cache.getOrLoad('1', { ttlMs, load: async () => 'old' });
    proxy.hang();
    await cache.invalidate('1');

    proxy.resume();

    await expect.poll(() => store.redis.get('things:1'), { timeout: 8_000 }).toBeNull();
  });
});
