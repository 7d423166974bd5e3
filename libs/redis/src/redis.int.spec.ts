import { registry } from '@emporium/telemetry';
import { recordingLogger, type TcpProxy, tcpProxy, testRedis } from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { closeRedis, connectBlockingRedis, connectRedis, type Redis, type RedisConnectionOptions, redisReady } from './index.ts';

describe('a connection for the request path', () => {
  const store = testRedis();
  const open: Redis[] = [];
  let proxy: TcpProxy;

  const connected = async (options: Partial<RedisConnectionOptions> = {}) => {
    const redis = connectRedis({ url: proxy.url, name: 'spec', ...options });
    open.push(redis);
    expect(await redisReady(redis, 5_000)).toBe(true);
    return redis;
  };

  beforeEach(async () => {
    await store.redis.flushdb();
    proxy = await tcpProxy(store.url);
  });
  afterEach(async () => {
    for (const redis of open.splice(0)) closeRedis(redis);
    await proxy.close();
  });

  it('answers from the database named in its URL', async () => {
    const redis = await connected();

    await redis.set('greeting', 'hello');

    expect(await store.redis.get('greeting')).toBe('hello');
  });

  it('waits no longer than the command timeout for a Redis that hangs', async () => {
    const redis = await connected({ commandTimeoutMs: 100 });
    proxy.hang();

    const startedAt = performance.now();
    await expect(redis.get('anything')).rejects.toThrow('timed out');

    expect(performance.now() - startedAt).toBeLessThan(1_000);
  });

  it('is not ready, and fails at once, when the server accepts and never answers', async () => {
    proxy.hang();
    const redis = connectRedis({ url: proxy.url, name: 'spec', commandTimeoutMs: 2_000 });
    open.push(redis);

    expect(await redisReady(redis, 300)).toBe(false);
    const startedAt = performance.now();
    await expect(redis.get('anything')).rejects.toThrow();
    expect(performance.now() - startedAt).toBeLessThan(100);
  });

  it('gives up a handshake that hangs and connects again once the server is well', async () => {
    proxy.hang();
    const redis = connectRedis({ url: proxy.url, name: 'spec', commandTimeoutMs: 50 });
    open.push(redis);
    await vi.waitFor(() => expect(proxy.accepted).toBeGreaterThan(1), { timeout: 8_000 });

    proxy.resume();

    expect(await redisReady(redis, 5_000)).toBe(true);
  });

  it('gives up a connection that no longer answers and makes a new one', async () => {
    const redis = await connected({ commandTimeoutMs: 100 });
    const before = proxy.accepted;
    proxy.hang();

    await expect(redis.get('anything')).rejects.toThrow('timed out');

    await vi.waitFor(() => expect(proxy.accepted).toBeGreaterThan(before), { timeout: 5_000 });
  });

  it('does not queue commands while the server is away', async () => {
    const redis = await connected();
    proxy.cut();
    await vi.waitFor(() => expect(redis.status).not.toBe('ready'));

    await expect(redis.incr('count')).rejects.toThrow();
    proxy.resume();
    expect(await redisReady(redis, 5_000)).toBe(true);

    expect(await store.redis.get('count')).toBeNull();
  });

  it('settles commands in flight when the connection is lost, and sends none of them again', async () => {
    const redis = await connected({ commandTimeoutMs: 60_000 });
    proxy.hang();
    const inFlight = redis.incr('count').catch((error: Error) => error);
    await new Promise((resolve) => setImmediate(resolve));

    proxy.resume();

    expect(await inFlight).toBeInstanceOf(Error);
    expect(await redisReady(redis, 5_000)).toBe(true);
    await redis.ping();
    expect(await store.redis.get('count')).toBeNull();
  });

  it('looks for the new primary when it is told that this one is read-only', async () => {
    const redis = await connected();
    const before = proxy.accepted;

    await expect(
      redis.eval(`return redis.error_reply('READONLY You can not write against a read only replica.')`, 0),
    ).rejects.toThrow();

    await vi.waitFor(() => expect(proxy.accepted).toBe(before + 1));
  });

  it('logs one line per outage, not one per attempt, and shows its state', async () => {
    const { logger, lines } = recordingLogger();
    const redis = await connected({ logger, name: 'watched' });
    const up = async () =>
      (await registry.getSingleMetric('emporium_redis_up')?.get())?.values.find(({ labels }) => labels.connection === 'watched')
        ?.value;
    expect(await up()).toBe(1);

    const before = proxy.accepted;
    proxy.cut();
    await vi.waitFor(() => expect(proxy.accepted).toBeGreaterThan(before + 2), { timeout: 8_000 });
    expect(await up()).toBe(0);
    proxy.resume();
    expect(await redisReady(redis, 5_000)).toBe(true);

    expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
    expect(lines.filter(({ message }) => message === 'redis is connected')).toHaveLength(2);
  });

  it('stays closed after it was closed', async () => {
    const redis = await connected();
    const ended = new Promise((resolve) => redis.once('end', resolve));

    closeRedis(redis);
    await ended;

    await expect(redis.get('anything')).rejects.toThrow();
    expect(await redisReady(redis, 50)).toBe(false);
  });

  it('tells waiters at once that a connection which is closed will not become ready', async () => {
    proxy.cut();
    const redis = connectRedis({ url: proxy.url, name: 'spec' });
    const waiting = redisReady(redis, 60_000);

    closeRedis(redis);

    expect(await waiting).toBe(false);
  });

  it('lets a blocking command wait on a connection of its own, which others do not wait for', async () => {
    const blocking = connectBlockingRedis({ url: proxy.url, name: 'spec', blockMs: 700 });
    open.push(blocking);
    expect(await redisReady(blocking, 5_000)).toBe(true);
    const redis = await connected({ commandTimeoutMs: 250 });

    const blocked = blocking.blpop('nothing', 0.7);
    const startedAt = performance.now();
    await redis.ping();

    expect(performance.now() - startedAt).toBeLessThan(250);
    expect(await blocked).toBeNull();
  });

  it('cannot be used for a blocking command: the command timeout ends it', async () => {
    const redis = await connected({ commandTimeoutMs: 100 });

    await expect(redis.blpop('nothing', 5)).rejects.toThrow('timed out');
  });
});
