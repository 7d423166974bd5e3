import { recordingLogger, type TcpProxy, tcpProxy, testDatabase } from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Postgres } from './postgres.ts';
import { sql } from './sql.ts';

const unavailable = { kind: 'unavailable', code: 'database-unavailable', retryAfterSeconds: 1 };

describe('a database that cannot be reached', () => {
  const db = testDatabase('unreachable');
  let proxy: TcpProxy;
  let postgres: Postgres;
  let log: ReturnType<typeof recordingLogger>;

  beforeEach(async () => {
    proxy = await tcpProxy(db.url);
    log = recordingLogger();
    const timeouts = { connectTimeoutMs: 400, statementTimeoutMs: 300 };
    postgres = new Postgres({ url: proxy.url, applicationName: 'cut-off', max: 4, min: 0, logger: log.logger, ...timeouts });
  });
  afterEach(async () => {
    if (proxy.mode !== 'pass') proxy.resume();
    await postgres.close();
    await proxy.close();
  });

  const ask = () => postgres.query(sql`select 1`);
  const timed = async () => {
    const began = performance.now();
    const outcome = await ask().catch((error: unknown) => error);
    return { outcome, ms: performance.now() - began };
  };
  const messages = () => log.lines.map(({ message }) => message);

  it('while it hangs fails the callers it holds in time, and the others at once; it is found again by itself', async () => {
    await Promise.all([ask(), ask()]);
    // What was answered just now proves the database there.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    proxy.hang();

    for (const { outcome, ms } of await Promise.all([timed(), timed(), timed(), timed()])) {
      expect(outcome).toMatchObject(unavailable);
      expect(ms).toBeLessThan(2_000);
    }
    const rest = await Promise.all(Array.from({ length: 200 }, timed));
    expect(Math.max(...rest.map(({ ms }) => ms))).toBeLessThan(300);
    for (const { outcome } of rest) expect(outcome).toMatchObject(unavailable);
    expect(messages().filter((message) => message.startsWith('database out of reach'))).toHaveLength(1);

    proxy.resume();
    await expect
      .poll(
        () =>
          ask().then(
            () => 'answered',
            () => 'failed',
          ),
        { timeout: 5_000 },
      )
      .toBe('answered');
    expect(messages()).toContain('database is back');
  });

  it('and refuses connections is asked by a probe only', async () => {
    proxy.cut();
    expect(await timed()).toMatchObject({ outcome: unavailable });
    const before = proxy.accepted;

    await Promise.all(Array.from({ length: 100 }, timed));

    expect(proxy.accepted - before).toBeLessThanOrEqual(2);
  });

  it('costs one caller the wait when the idle connections have died overnight, not one caller each', async () => {
    await Promise.all([ask(), ask(), ask(), ask()]);
    expect(postgres.stats().idle).toBe(4);
    await new Promise((resolve) => setTimeout(resolve, 1_000)); // what was answered just now proves the database there
    proxy.hang();
    const first = timed();
    await expect
      .poll(messages, { timeout: 5_000 })
      .toContain('database out of reach; callers are refused at once until it is back');
    proxy.forget();

    expect((await first).outcome).toMatchObject(unavailable);
    const answered = () => timed().then(({ outcome, ms }) => (ms < 300 ? outcome : 'waited'));
    await expect.poll(answered, { timeout: 2_000 }).toEqual([{ '?column?': 1 }]);
  });

  it('fails a transaction whose connection has gone silent, and keeps nothing of it', async () => {
    await db.define('create table kept (id int)');
    const work = postgres.transaction(async (tx) => {
      await tx.execute(sql`insert into kept values (1)`);
      proxy.hang();
      await tx.query(sql`select 1`);
    });

    await expect(work).rejects.toMatchObject(unavailable);
    proxy.resume();

    await expect.poll(() => db.query(sql`select id from kept`)).toEqual([]);
    expect(postgres.stats().total).toBeLessThanOrEqual(1);
  });

  it('leaves a silent connection alone that waits for nothing', async () => {
    const client = await postgres.pool.connect();
    try {
      let ended = false;
      client.on('end', () => {
        ended = true;
      });
      await client.query('listen news');
      await new Promise((resolve) => setTimeout(resolve, 1_200)); // longer than the silence that ends a waiting one

      expect(ended).toBe(false);
      expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    } finally {
      client.release();
    }
  });

  it('is not what a lost session means, nor a full pool whose statements are answered', async () => {
    await Promise.all([ask(), ask(), ask(), ask()]);
    const lost = db.query(sql`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'cut-off'`);
    await Promise.all([lost, timed(), timed()]);
    await expect
      .poll(() =>
        ask().then(
          () => 'answered',
          () => 'failed',
        ),
      )
      .toBe('answered');

    const holders = Array.from({ length: 12 }, () => postgres.query(sql`select pg_sleep(0.25)`).catch(() => 'refused'));
    await Promise.all(holders);

    expect(messages().filter((message) => message.startsWith('database out of reach'))).toEqual([]);
    await expect(ask()).resolves.toHaveLength(1);
  });
});
