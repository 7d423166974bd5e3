import { AppError } from '@emporium/errors';
import { remainingMs, runInContext } from '@emporium/telemetry';
import { recordingLogger, type TcpProxy, tcpProxy, testRedis } from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { Cache, closeRedis, connectRedis, LastGood, type Redis, redisReady } from './index.ts';

const down = () => Promise.reject(new AppError('unavailable', 'database-unavailable', 'Away.'));
const never = () => new Promise<never>(() => undefined);
const isGone = () => Promise.reject(new AppError('not-found', 'thing-not-found', 'Gone.'));

describe('the last good copy', () => {
  const store = testRedis();
  let proxy: TcpProxy;
  let redis: Redis;
  const copiesOn = (connection: Redis, options: { keepMs?: number; max?: number; patienceMs?: number } = {}) =>
    new LastGood(connection, { prefix: 'things', logger: recordingLogger().logger, keepMs: 60_000, max: 100, ...options });
  const isKept = (key: string) => expect.poll(() => store.redis.exists(`things:last-good:${key}`)).toBe(1);

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

  it('is not shown while the source answers', async () => {
    const copies = copiesOn(redis);
    await copies.find('1', async () => 'old');
    await isKept('1');

    expect(await copies.find('1', async () => 'new')).toEqual({ value: 'new' });
  });

  it('is shown with its age when the source fails, also by a process that has just begun', async () => {
    await copiesOn(redis).find('1', async () => ({ name: 'lamp' }));
    await isKept('1');
    await store.redis.set('things:last-good:1', JSON.stringify({ at: Date.now() - 30_000, value: { name: 'lamp' } }));

    const { value, staleForMs } = await copiesOn(redis).find('1', down);

    expect(value).toEqual({ name: 'lamp' });
    expect(staleForMs).toBeGreaterThanOrEqual(30_000);
    expect(staleForMs).toBeLessThan(40_000);
  });

  it('is shown in time when the source hangs; after the first reader hardly anybody waits', async () => {
    const copies = copiesOn(redis, { patienceMs: 300 });
    await copies.find('1', async () => 'old');
    await isKept('1');

    const times: number[] = [];
    for (let index = 0; index < 20; index += 1) {
      const began = performance.now();
      expect(await copies.find('1', never)).toMatchObject({ value: 'old', staleForMs: expect.any(Number) });
      times.push(performance.now() - began);
    }

    expect(Math.max(...times)).toBeLessThan(700);
    // 20 readers of 50 ms are a second and a bit: one of them, or two, tries the source in full.
    expect(times.filter((time) => time > 250).length).toBeLessThanOrEqual(3);
  });

  it('gives way to the source as soon as one reader found it working again', async () => {
    const copies = copiesOn(redis, { patienceMs: 300 });
    await copies.find('1', async () => 'old');
    await isKept('1');
    await copies.find('1', never);

    expect(await copies.find('1', async () => 'new')).toEqual({ value: 'new' });
    const slow = () => new Promise<string>((resolve) => setTimeout(resolve, 150, 'newer'));
    expect(await copies.find('1', slow)).toEqual({ value: 'newer' });
  });

  it('is not shown to others because a reader in a hurry had no time for the source', async () => {
    const copies = copiesOn(redis);
    await copies.find('1', async () => 'old');
    await isKept('1');
    const inTime = async () => {
      if (remainingMs() === 0) throw new AppError('timeout', 'deadline-passed', 'Late.');
      return 'new';
    };

    await runInContext({ requestId: 'r', deadline: Date.now() - 1 }, () => copies.find('1', inTime));

    expect(await copies.find('1', inTime)).toEqual({ value: 'new' });
  });

  it('is made also by a load that came too late for its reader', async () => {
    const { promise, resolve } = Promise.withResolvers<string>();
    const copies = copiesOn(redis, { patienceMs: 50 });
    await copies.find('1', async () => 'old');
    await isKept('1');
    await copies.find('1', () => promise);

    resolve('late');

    await expect.poll(() => store.redis.get('things:last-good:1')).toContain('late');
  });

  it('is not there for what was never found: then the source has the word', async () => {
    const copies = copiesOn(redis, { patienceMs: 50 });

    await expect(copies.find('1', down)).rejects.toMatchObject({ code: 'database-unavailable' });
    const slow = () => new Promise<string>((resolve) => setTimeout(resolve, 150, 'late'));
    expect(await copies.find('1', slow)).toEqual({ value: 'late' });
  });

  it('is shown for no bug, and forgotten when the source denies the thing', async () => {
    const copies = copiesOn(redis);
    await copies.find('1', async () => 'old');
    await isKept('1');

    await expect(copies.find('1', () => Promise.reject(new TypeError('bug')))).rejects.toThrow('bug');
    await expect(copies.find('1', isGone)).rejects.toMatchObject({ code: 'thing-not-found' });

    await expect.poll(() => store.redis.exists('things:last-good:1')).toBe(0);
    await expect(copies.find('1', down)).rejects.toMatchObject({ code: 'database-unavailable' });
  });

  it('is forgotten when told so', async () => {
    const copies = copiesOn(redis);
    await copies.find('1', async () => 'old');
    await isKept('1');

    await copies.forget('1');

    await expect(copies.find('1', down)).rejects.toMatchObject({ code: 'database-unavailable' });
    expect(await store.redis.zcard('things:last-good-index')).toBe(0);
  });

  it('is one of so many at most, those kept longest ago go first, and all of them end', async () => {
    const copies = copiesOn(redis, { max: 3 });
    vi.useFakeTimers({ toFake: ['Date'] });
    onTestFinished(() => void vi.useRealTimers());
    for (const key of ['1', '2', '3', '1', '4']) {
      vi.setSystemTime(Date.now() + 1_000);
      await copies.find(key, async () => key);
      await expect.poll(() => store.redis.get(`things:last-good:${key}`)).toContain(`"at":${Date.now()}`);
    }

    expect((await store.redis.keys('things:last-good:*')).toSorted()).toEqual(
      ['1', '3', '4'].map((key) => `things:last-good:${key}`),
    );
    for (const key of await store.redis.keys('*')) expect(await store.redis.pttl(key)).toBeGreaterThan(0);
  });

  it('is taken for missing when somebody else wrote there', async () => {
    for (const text of ['{broken', 'null', '1', '{}', '{"at":"x","value":1}']) {
      await store.redis.set('things:last-good:1', text);

      await expect(copiesOn(redis).find('1', down)).rejects.toMatchObject({ code: 'database-unavailable' });
    }
  });

  it('costs nothing when Redis hangs, is away or full, and the source works', async () => {
    const copies = copiesOn(redis);
    const began = performance.now();
    proxy.hang();
    for (let index = 0; index < 10; index += 1) await copies.find(`${index}`, async () => 'value');
    proxy.cut();
    for (let index = 0; index < 10; index += 1) await copies.find(`${index}`, async () => 'value');

    expect(performance.now() - began).toBeLessThan(200);
    await copies.forget('1');
    await expect(copies.find('1', down)).rejects.toMatchObject({ code: 'database-unavailable' });
  });

  it('of a cached value is made once for a hundred readers, who wait for one load', async () => {
    const copies = copiesOn(redis);
    const cache = new Cache(redis, { prefix: 'things', logger: recordingLogger().logger });
    const load = vi.fn(async () => 'value');
    const read = () => copies.find('1', load, (watched) => cache.getOrLoad('1', { ttlMs: 60_000, load: watched }));

    const found = await Promise.all(Array.from({ length: 100 }, read));

    expect(new Set(found.map(({ value }) => value))).toEqual(new Set(['value']));
    expect(load).toHaveBeenCalledOnce();
  });

  it('leaves a cache in front of the source its answer while the source hangs', async () => {
    const copies = copiesOn(redis, { patienceMs: 300 });
    const cache = new Cache(redis, { prefix: 'things', logger: recordingLogger().logger });
    const read = (key: string, load: () => Promise<string>) =>
      copies.find(key, load, (watched) => cache.getOrLoad(key, { ttlMs: 60_000, load: watched }));
    await read('1', async () => 'cached');
    await copies.find('2', async () => 'old');
    await isKept('2');
    await read('2', never);

    expect(await read('1', never)).toEqual({ value: 'cached' });
  });
});
