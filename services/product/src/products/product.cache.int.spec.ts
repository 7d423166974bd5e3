import { randomUUID } from 'node:crypto';
import { connectRedis } from '@emporium/redis';
import { silentLogger } from '@emporium/telemetry';
import { testRedis } from '@emporium/testing';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ProductCache } from './product.cache.ts';
import type { Product } from './product.ts';

const product = (available: number): Product => ({
  id: randomUUID(),
  sku: 'HOM-0001',
  name: 'Table Lamp',
  description: 'A lamp.',
  category: 'home-living',
  price: { amount: 4_990, currency: 'EUR' },
  available,
  createdAt: new Date('2026-01-01T00:00:00.000Z'),
  updatedAt: new Date('2026-01-02T00:00:00.000Z'),
  version: 3,
});

const settings = { cacheTtlMs: 60_000, listTtlMs: 60_000, staleMs: 60_000 };

describe('the cache of products', () => {
  const test = testRedis();
  let cache: ProductCache;
  const find = async (id: string, load: () => Promise<Product>) => (await cache.find(id, load)).value;

  beforeAll(() => {
    cache = new ProductCache(test.redis, silentLogger, settings);
  });
  beforeEach(() => test.redis.flushdb());

  it('loads once and gives back what was loaded, dates included', async () => {
    const lamp = product(5);
    const load = vi.fn(async () => lamp);

    expect(await find(lamp.id, load)).toEqual(lamp);
    expect(await find(lamp.id.toUpperCase(), load)).toEqual(lamp);
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('loads again after it forgot', async () => {
    const lamp = product(5);
    await cache.find(lamp.id, async () => lamp);

    await cache.forget([lamp.id.toUpperCase()]);

    expect(await find(lamp.id, async () => ({ ...lamp, available: 4 }))).toMatchObject({ available: 4 });
  });

  it('never keeps what was read before the change and stored after it', async () => {
    const lamp = product(5);
    const database = { available: 5 };
    const { promise: readOld, resolve: answer } = Promise.withResolvers<void>();

    const slowRead = cache.find(lamp.id, async () => {
      const row = { ...lamp, ...database };
      await readOld;
      return row;
    });
    await vi.waitFor(async () => expect(await test.redis.keys('*lease*')).toHaveLength(1));
    database.available = 4;
    await cache.forget([lamp.id]);
    answer();
    await slowRead;

    expect(await find(lamp.id, async () => ({ ...lamp, ...database }))).toMatchObject({ available: 4 });
  });

  it('shows no old number to a reader who begins after a change, however many read and change', async () => {
    const lamp = product(0);
    const database = { available: 0 };
    const read = () => find(lamp.id, async () => ({ ...lamp, ...database }));

    for (let round = 1; round <= 100; round += 1) {
      const racers = Array.from({ length: 5 }, read);
      database.available = round;
      await cache.forget([lamp.id]);
      expect((await read()).available).toBe(round);
      await Promise.all(racers);
      expect((await read()).available).toBe(round);
    }
  });

  it('reads from the source while Redis is away', async () => {
    const away = connectRedis({ url: 'redis://127.0.0.1:1', name: 'away', logger: silentLogger });
    const lonely = new ProductCache(away, silentLogger, settings);
    const lamp = product(5);

    expect(await lonely.find(lamp.id, async () => lamp)).toEqual({ value: lamp });
    await lonely.forget([lamp.id]);
    expect(await lonely.find(lamp.id, async () => ({ ...lamp, available: 4 }))).toMatchObject({ value: { available: 4 } });
    away.disconnect();
  });

  it('keeps the categories until they change', async () => {
    const shelf = { slug: 'lamps', name: 'Lamps', productCount: 1 };
    const load = vi.fn(async () => [shelf]);

    await cache.findCategories(load);
    expect(await cache.findCategories(load)).toEqual({ value: [shelf] });
    expect(load).toHaveBeenCalledTimes(1);

    await cache.forgetCategories();
    await cache.findCategories(load);
    expect(load).toHaveBeenCalledTimes(2);
  });

  it('keeps lists shorter by what a replica may be behind, and tells loads what it may not know', async () => {
    const replica = { databaseReplicaUrl: 'postgresql://standby', databaseReplicaMaxLagMs: 400 };
    const withReplica = new ProductCache(test.redis, silentLogger, { ...settings, listTtlMs: 1_000, ...replica });
    const told: boolean[] = [];
    const load = async (changedLately: boolean) => {
      told.push(changedLately);
      return { products: [], nextCursor: null };
    };

    await withReplica.findList({ sort: 'newest' }, load);
    const [key = ''] = await test.redis.keys('product-list:1:0:*');
    const ttlMs = await test.redis.pttl(key);
    await withReplica.forgetLists();
    await withReplica.findList({ sort: 'newest' }, load);

    expect(ttlMs).toBeGreaterThan(0);
    expect(ttlMs).toBeLessThanOrEqual(600);
    expect(told).toEqual([false, true]);
  });

  it('notes a change before it forgets: whoever misses in between would ask a replica', async () => {
    const replica = { databaseReplicaUrl: 'postgresql://standby', databaseReplicaMaxLagMs: 400 };
    const withReplica = new ProductCache(test.redis, silentLogger, { ...settings, ...replica });
    const seen: string[] = [];
    const monitor = await test.redis.duplicate().monitor();
    monitor.on('monitor', (_, [command = '', key = '']: string[]) => seen.push(`${command} ${key}`));

    await withReplica.forget(['a']);
    await withReplica.forgetLists();
    await withReplica.forgetCategories();

    const told = ['set product:1:changed:a', 'del product:1:a', 'set product:1:changed:lists', 'incr product-list:1:generation'];
    const all = [...told, 'set product:1:changed:categories', 'del product:1:categories'];
    await expect.poll(() => seen.filter((each) => all.includes(each))).toEqual(all);
    monitor.disconnect();
  });
});
