import { recordingLogger, tcpProxy, testRedis } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { Cache, closeRedis, connectRedis, Generation, redisReady } from './index.ts';

describe('a generation', () => {
  const store = testRedis();

  it('is one number for everybody, and counts every step', async () => {
    const [one, other] = [new Generation(store.redis, 'lists:generation'), new Generation(store.redis, 'lists:generation')];
    expect(await one.current()).toBe('0');

    await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? one : other).next()));

    expect([await one.current(), await other.current()]).toEqual(['20', '20']);
  });

  it('keeps what was read before a step from being found after it', async () => {
    const generation = new Generation(store.redis, 'race:generation');
    const cache = new Cache(store.redis, { prefix: 'race', logger: recordingLogger().logger });
    let source = 'old';
    const read = async (load = async () => source) =>
      cache.getOrLoad(`${await generation.current()}:all`, { ttlMs: 60_000, load });
    const { promise, resolve } = Promise.withResolvers<string>();
    const began = Promise.withResolvers<void>();
    const slow = read(() => {
      began.resolve();
      return promise;
    });
    await began.promise;

    source = 'new';
    await generation.next();
    resolve('old');

    expect([await slow, await read(), await read()]).toEqual(['old', 'new', 'new']);
  });

  it('is unknown, at once, while Redis is away', async () => {
    const proxy = await tcpProxy(store.url);
    const redis = connectRedis({ url: proxy.url, name: 'spec' });
    expect(await redisReady(redis, 5_000)).toBe(true);
    proxy.hang();
    const generation = new Generation(redis, 'lists:generation');

    for (let index = 0; index < 3; index += 1) expect(await generation.current()).toBe('unknown');
    const began = performance.now();
    await generation.next();
    expect(await generation.current()).toBe('unknown');

    expect(performance.now() - began).toBeLessThan(200);
    closeRedis(redis);
    await proxy.close();
  });
});
