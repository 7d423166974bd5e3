import { createServer } from 'node:net';
import { testDatabase } from '@emporium/testing';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { Postgres } from './postgres.ts';
import type { PostgresOptions } from './postgres-options.ts';
import { sql } from './sql.ts';

describe('a database in trouble', () => {
  const db = testDatabase('failures');
  const opened: Postgres[] = [];

  function open(options: Partial<PostgresOptions> = {}): Postgres {
    const postgres = new Postgres({ url: db.url, applicationName: 'failing', ...options });
    opened.push(postgres);
    return postgres;
  }

  async function endConnectionsOf(applicationName: string): Promise<number> {
    const admin = open({ url: db.adminUrl, applicationName: 'admin' });
    const rows = await admin.query(sql`
      select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = ${applicationName}
    `);
    return rows.length;
  }

  beforeAll(async () => {
    await db.define(`create table accounts (id int primary key, balance int not null check (balance >= 0));
      insert into accounts values (1, 100), (2, 100);`);
  });

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((postgres) => postgres.close()));
  });

  it('refuses a caller within the connect time-out when the pool is exhausted, and serves again afterwards', async () => {
    const postgres = open({ max: 2, connectTimeoutMs: 200 });
    const holders = [1, 2].map(() => postgres.query(sql`select pg_sleep(2)`));

    const startedAt = performance.now();
    await expect(postgres.query(sql`select 1`)).rejects.toMatchObject({ kind: 'unavailable', code: 'database-unavailable' });
    expect(performance.now() - startedAt).toBeLessThan(1_800);

    await Promise.all(holders);
    await expect(postgres.ping()).resolves.toBeUndefined();
    // The refusal began a probe, which may still hold a connection.
    await expect.poll(() => postgres.stats()).toEqual({ total: 2, idle: 2, waiting: 0 });
  });

  it('is unavailable at once when nothing listens', async () => {
    const postgres = open({ url: 'postgresql://nobody:x@127.0.0.1:1/none' });

    await expect(postgres.ping()).rejects.toMatchObject({ code: 'database-unavailable', cause: { code: 'ECONNREFUSED' } });
  });

  it('gives up on a server that accepts and never answers', async () => {
    const mute = createServer((socket) => socket.on('error', () => socket.destroy()));
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    const { port } = mute.address() as { port: number };
    try {
      const postgres = open({ url: `postgresql://nobody:x@127.0.0.1:${port}/none`, connectTimeoutMs: 200 });

      await expect(postgres.ping()).rejects.toMatchObject({ code: 'database-unavailable' });
    } finally {
      mute.close();
    }
  });

  it('survives the end of its idle connections and opens new ones', async () => {
    const postgres = open({ applicationName: 'idle-victim', max: 3 });
    await Promise.all([1, 2, 3].map(() => postgres.query(sql`select pg_sleep(0.05)`)));

    expect(await endConnectionsOf('idle-victim')).toBe(3);

    await expect.poll(() => postgres.stats().total).toBe(0);
    await expect(postgres.ping()).resolves.toBeUndefined();
  });

  it('survives the end of a connection while its statement runs', async () => {
    const postgres = open({ applicationName: 'busy-victim', max: 1 });
    const running = postgres.query(sql`select pg_sleep(5)`).catch((error: unknown) => error);
    await expect.poll(() => endConnectionsOf('busy-victim')).toBe(1);

    expect(await running).toMatchObject({ kind: 'unavailable', code: 'database-unavailable' });
    await expect(postgres.ping()).resolves.toBeUndefined();
  });

  it('survives the end of a connection that is checked out between two statements of a transaction', async () => {
    const lines: unknown[] = [];
    const logger = { warn: (line: unknown) => lines.push(line) } as unknown as PostgresOptions['logger'];
    const postgres = open({ applicationName: 'open-victim', max: 1, logger });

    const work = postgres.transaction(async (tx) => {
      await tx.execute(sql`update accounts set balance = 0 where id = 1`);
      await endConnectionsOf('open-victim');
      await expect.poll(() => endConnectionsOf('open-victim')).toBe(0);
      await tx.query(sql`select 1`);
    });

    await expect(work).rejects.toMatchObject({ code: 'database-unavailable' });
    expect(lines).toContain('database connection lost');
    expect(await postgres.query(sql`select balance from accounts where id = 1`)).toEqual([{ balance: 100 }]);
  });

  it('calls a row that others hold busy after the lock time-out', async () => {
    const postgres = open({ lockTimeoutMs: 100 });

    await postgres.transaction(async (tx) => {
      await tx.execute(sql`update accounts set balance = 50 where id = 2`);
      const startedAt = performance.now();

      const second = postgres.execute(sql`update accounts set balance = 60 where id = 2`);

      await expect(second).rejects.toMatchObject({ kind: 'unavailable', code: 'database-busy', cause: { code: '55P03' } });
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    });
    expect(postgres.stats()).toMatchObject({ total: 2, idle: 2 });
  });

  it('ends a statement on the server after the statement time-out, and keeps the connection', async () => {
    const postgres = open({ statementTimeoutMs: 100, max: 1 });

    await expect(postgres.query(sql`select pg_sleep(5)`)).rejects.toMatchObject({
      code: 'database-busy',
      cause: { code: '57014' },
    });

    expect(
      await postgres.query(sql`select count(*)::int as n from pg_stat_activity where state = 'active' and query like '%pg_sleep(5)%'
      and pid <> pg_backend_pid()`),
    ).toEqual([{ n: 0 }]);
    expect(postgres.stats()).toMatchObject({ total: 1 });
  });

  it('takes back the connection of a transaction that does nothing for too long', async () => {
    const postgres = open({ idleInTransactionTimeoutMs: 100, max: 1 });

    let lost = false;
    postgres.pool.on('connect', (client) => {
      client.on('error', () => {
        lost = true;
      });
    });

    const idle = postgres.transaction(async (tx) => {
      await tx.execute(sql`update accounts set balance = 1 where id = 1`);
      await expect.poll(() => lost).toBe(true);
      await tx.query(sql`select 1`);
    });

    await expect(idle).rejects.toMatchObject({ code: 'database-unavailable' });
    expect(await postgres.query(sql`select balance from accounts where id = 1`)).toEqual([{ balance: 100 }]);
  });

  it('keeps the connection of a refused statement', async () => {
    const postgres = open({ max: 1 });
    const pid = async () => (await postgres.query<{ pid: number }>(sql`select pg_backend_pid() as pid`))[0]?.pid;
    const before = await pid();

    await expect(postgres.execute(sql`insert into accounts values (1, 5)`)).rejects.toMatchObject({ code: '23505' });
    await expect(postgres.transaction((tx) => tx.execute(sql`update accounts set balance = -1`))).rejects.toMatchObject({
      code: '23514',
    });

    expect(await pid()).toBe(before);
  });

  it('blames the caller for a NUL in text', async () => {
    await expect(open().query(sql`select ${'a\u0000b'}::text`)).rejects.toMatchObject({
      kind: 'invalid',
      code: 'invalid-request',
    });
  });
});
