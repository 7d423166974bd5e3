import { regardlessOfDeadline, runInContext } from '@emporium/telemetry';
import { recordingLogger, tcpProxy, testDatabase } from '@emporium/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { Postgres } from './postgres.ts';
import type { PostgresOptions } from './postgres-options.ts';
import { sql } from './sql.ts';

describe('a database asked on behalf of a request', () => {
  const db = testDatabase('deadline');
  const opened: Postgres[] = [];
  const open = (options: Partial<PostgresOptions> = {}) => {
    const postgres = new Postgres({ url: db.url, applicationName: 'deadline', ...options });
    opened.push(postgres);
    return postgres;
  };
  const within = <T>(ms: number, work: () => T): T => runInContext({ requestId: 'r', deadline: Date.now() + ms }, work);
  const timeoutOf = async (postgres: Postgres) =>
    (await postgres.query<{ statement_timeout: string }>(sql`show statement_timeout`))[0]?.statement_timeout;

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((postgres) => postgres.close()));
  });

  it('begins nothing when the deadline is over', async () => {
    const postgres = open();
    let runs = 0;

    const late = () => within(-1, () => postgres.query(sql`select 1`));
    const lateToo = () =>
      within(-1, () =>
        postgres.transaction(async () => {
          runs += 1;
        }),
      );

    await expect(late()).rejects.toMatchObject({ kind: 'timeout', code: 'deadline-passed' });
    await expect(lateToo()).rejects.toMatchObject({ kind: 'timeout', code: 'deadline-passed' });
    expect(runs).toBe(0);
    expect(postgres.stats()).toEqual({ total: 0, idle: 0, waiting: 0 });
  });

  it('takes nobody from the line whose deadline passed in it, and loses no connection', async () => {
    const postgres = open({ max: 1, connectTimeoutMs: 5_000 });
    const holder = postgres.query(sql`select pg_sleep(0.7)`);

    const startedAt = performance.now();
    const waiting = Array.from({ length: 20 }, () => within(100, () => postgres.query(sql`select 'never'`)));
    const results = await Promise.allSettled(waiting);

    expect(performance.now() - startedAt).toBeLessThan(600);
    for (const result of results) expect(result).toMatchObject({ status: 'rejected', reason: { code: 'deadline-passed' } });
    await holder;
    await expect(within(1_000, () => postgres.query(sql`select 1 as one`))).resolves.toEqual([{ one: 1 }]);
    expect(postgres.stats()).toEqual({ total: 1, idle: 1, waiting: 0 });
  });

  it('finds out that the database is away although no caller has the time to wait for that', async () => {
    const proxy = await tcpProxy(db.url);
    const { logger, lines } = recordingLogger();
    const postgres = open({ url: proxy.url, connectTimeoutMs: 300, logger });
    proxy.hang();

    await expect(within(50, () => postgres.ping())).rejects.toMatchObject({ code: 'deadline-passed' });

    await expect.poll(() => lines.map(({ message }) => message).join(), { timeout: 5_000 }).toContain('out of reach');
    proxy.resume();
    await postgres.close();
    await proxy.close();
  });

  it('ends the statements of a transaction with the request, on the server', async () => {
    const postgres = open({ max: 1 });
    const startedAt = performance.now();

    const work = within(200, () => postgres.transaction((tx) => tx.query(sql`select pg_sleep(5)`)));

    await expect(work).rejects.toMatchObject({ code: 'database-busy', cause: { code: '57014' } });
    expect(performance.now() - startedAt).toBeLessThan(1_500);
    expect(postgres.stats()).toMatchObject({ total: 1, idle: 1 });
    expect(await timeoutOf(postgres)).toBe('3s');
  });

  it('never gives a statement more time than its own limit', async () => {
    const postgres = open({ statementTimeoutMs: 500 });

    const [inside] = await within(20_000, () =>
      postgres.transaction((tx) => tx.query<{ statement_timeout: string }>(sql`show statement_timeout`)),
    );

    expect(inside).toEqual({ statement_timeout: '500ms' });
  });

  it('writes down what must be written down although nobody waits any more', async () => {
    const postgres = open();

    const [row] = await within(-1, () =>
      regardlessOfDeadline(() =>
        postgres.transaction((tx) => tx.query<{ statement_timeout: string }>(sql`show statement_timeout`)),
      ),
    );

    expect(row).toEqual({ statement_timeout: '3s' });
  });
});
