import {
  fakeHttp,
  hang,
  scriptedServer,
  startApp,
  type TcpProxy,
  type TestApp,
  tcpProxy,
  testDatabase,
  testRedis,
} from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { busyModule, Everything, loadBusyConfig, migrations, Notes, tested } from '../../test/busy.service.ts';
import { loadConfig, tinyModule } from '../../test/tiny.service.ts';
import { HealthRegistry, PlatformModule, ServiceClients, ServiceTokens } from '../index.ts';
import { fetchKeys } from './key-set.ts';

describe('a service with everything', () => {
  const db = testDatabase('platform', { migrations, jobs: true });
  const store = testRedis();
  let toPostgres: TcpProxy;
  let toRedis: TcpProxy;
  let app: TestApp;

  beforeEach(async () => {
    [toPostgres, toRedis] = await Promise.all([tcpProxy(db.url), tcpProxy(store.url)]);
    app = await startApp({
      name: 'product',
      module: busyModule,
      config: loadBusyConfig,
      environment: { DATABASE_URL: toPostgres.url, REDIS_URL: toRedis.url },
    });
  });
  afterEach(async () => {
    await app.close();
    await Promise.all([toPostgres.close(), toRedis.close()]);
  });

  const lines = () => app.get(Notes).lines;
  const ready = () => app.request('GET', '/ready', { caller: null });
  const statusOf = async (name: string): Promise<string> =>
    (await ready()).body.checks.find((check: { name: string }) => check.name === name)?.status;

  it('injects what it provides by type', () => {
    const everything = app.get(Everything);

    expect(Object.values(everything).every((provided) => provided !== undefined)).toBe(true);
  });

  it('runs a job that no request caused under an id of its own', async () => {
    const { jobs, postgres } = app.get(Everything);

    await jobs.add(postgres, 'note', { text: 'hello' });

    await expect.poll(lines, { timeout: 10_000 }).toHaveLength(1);
    const [line] = lines() as { jobId: string }[];
    expect(line).toEqual({ payload: { text: 'hello' }, jobId: expect.any(String), requestId: `job-${line?.jobId}` });
  });

  it('runs a job under the id of the request that caused it', async () => {
    const { jobs, postgres } = app.get(Everything);

    await jobs.add(postgres, 'note', { requestId: 'request-7' });

    await expect.poll(lines, { timeout: 10_000 }).toEqual([expect.objectContaining({ requestId: 'request-7' })]);
  });

  it('brings an event from a transaction to its consumer', async () => {
    const { postgres, outbox } = app.get(Everything);

    await postgres.transaction((tx) => outbox.add(tx, tested, 'key', { text: 'hear, hear' }));

    await expect.poll(lines, { timeout: 15_000 }).toEqual([{ heard: 'hear, hear' }]);
  });

  it('shows its parts in readiness', async () => {
    await expect
      .poll(async () => (await ready()).body, { timeout: 10_000 })
      .toEqual({
        status: 'ready',
        checks: [
          { name: 'postgres', required: true, status: 'up' },
          { name: 'redis', required: false, status: 'up' },
          { name: 'jobs', required: false, status: 'up' },
          { name: 'events', required: false, status: 'up' },
        ],
      });
  });

  it('lets the running job finish before the connections end', async () => {
    const { jobs, postgres } = app.get(Everything);
    await jobs.add(postgres, 'slow', {});
    await expect.poll(lines, { timeout: 10_000 }).toEqual(['slow begins']);

    const clean = await app.service.lifecycle.stop('SIGTERM');

    expect(clean).toBe(true);
    expect(lines()).toEqual(['slow begins', 'slow ends']);
    const { checks } = await app.get(HealthRegistry).report();
    expect(checks.filter(({ status }) => status === 'up')).toEqual([]);
  });

  it('is not ready, but alive and honest, without Postgres, and mends by itself', async () => {
    toPostgres.cut();

    await expect.poll(async () => (await ready()).status, { timeout: 10_000 }).toBe(503);
    const [live, rows] = await Promise.all([app.request('GET', '/health', { caller: null }), app.request('GET', '/v1/rows')]);
    expect(live.status).toBe(200);
    expect(rows.status).toBe(503);
    expect(rows.headers.get('retry-after')).toBe('1');
    expect(rows.body.code).toBe('database-unavailable');

    toPostgres.resume();
    await expect.poll(async () => (await ready()).status, { timeout: 15_000 }).toBe(200);
  }, 40_000);

  it('stays ready without Redis and says so', async () => {
    await expect.poll(() => statusOf('redis'), { timeout: 10_000 }).toBe('up');
    toRedis.cut();

    await expect.poll(() => statusOf('redis'), { timeout: 10_000 }).toBe('down');
    expect((await ready()).status).toBe(200);

    toRedis.resume();
    await expect.poll(() => statusOf('redis'), { timeout: 10_000 }).toBe('up');
  }, 40_000);

  it('shows a job worker that cannot go on although the database is there, and leaves the rotation when that lasts', async () => {
    await expect.poll(() => statusOf('jobs'), { timeout: 10_000 }).toBe('up');
    await db.define('alter table job_workers rename to mislaid');

    await expect.poll(() => statusOf('jobs'), { timeout: 20_000 }).toBe('down');
    await expect.poll(async () => (await ready()).status, { timeout: 25_000 }).toBe(503);
    expect(await statusOf('postgres')).toBe('up');
    expect((await app.request('GET', '/health', { caller: null })).status).toBe(200);

    await db.define('alter table mislaid rename to job_workers');
    await expect.poll(async () => (await ready()).status, { timeout: 20_000 }).toBe(200);
    expect(await statusOf('jobs')).toBe('up');
  }, 80_000);

  it('shows a consumer that cannot go on although Redis is there', async () => {
    await expect.poll(() => statusOf('events'), { timeout: 10_000 }).toBe('up');
    await store.redis.set('product.events', 'not a stream');

    await expect.poll(() => statusOf('events'), { timeout: 20_000 }).toBe('down');
    await expect.poll(async () => (await ready()).status, { timeout: 25_000 }).toBe(503);

    await store.redis.del('product.events');
    await expect.poll(() => statusOf('events'), { timeout: 20_000 }).toBe('up');
    await expect.poll(async () => (await ready()).status, { timeout: 20_000 }).toBe(200);
  }, 90_000);
});

describe('the platform module', () => {
  const config = loadConfig({ SERVICE_TOKEN_KEY: 'k', SERVICE_TOKEN_PUBLIC_KEYS: 'k' });

  it('refuses a database or a Redis without an address at once', () => {
    expect(() => PlatformModule.with(config, { name: 'product', postgres: true })).toThrow('databaseUrl');
    expect(() => PlatformModule.with(config, { name: 'product', redis: true })).toThrow('redisUrl');
  });

  it('calls other services with a token in its own name', async () => {
    const order = await fakeHttp({ 'GET /internal/things': { body: { ok: true } } });
    const app = await startApp({ name: 'product', module: tinyModule, config: loadConfig });
    const client = app.get(ServiceClients).to('order', { baseUrl: order.url, headers: () => ({ 'x-more': '1' }) });

    const answer = await client.get('/internal/things', z.object({ ok: z.boolean() }));

    expect(answer).toEqual({ ok: true });
    const headers = order.calls[0]?.headers ?? {};
    expect(headers['x-more']).toBe('1');
    expect(String(headers['x-service-token']).split('.')).toHaveLength(3);
    await expect(app.get(ServiceTokens).verify(String(headers['x-service-token']))).rejects.toMatchObject({
      kind: 'unauthenticated',
    });
    await app.close();
    await order.close();
  });

  it('takes the keys of users from the user service, and says when it cannot', async () => {
    const user = await fakeHttp({ 'GET /.well-known/jwks.json': { body: { keys: [] } } });

    expect(await fetchKeys(user.url)).toEqual({ keys: [] });
    user.on('GET /.well-known/jwks.json', { status: 503, body: {} });
    await expect(fetchKeys(user.url)).rejects.toThrow('answered 503');
    await user.close();
  });

  it('waits two seconds at most for a user service that hangs', async () => {
    const user = await scriptedServer();
    user.behave(hang);
    const startedAt = performance.now();

    await expect(fetchKeys(user.url)).rejects.toThrow();

    expect(performance.now() - startedAt).toBeLessThan(3_000);
    await user.close();
  });
});
