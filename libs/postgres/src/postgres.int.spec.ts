import { registry } from '@emporium/telemetry';
import { testDatabase } from '@emporium/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { Postgres } from './postgres.ts';
import type { PostgresOptions } from './postgres-options.ts';
import { raw, sql } from './sql.ts';

describe('a pool', () => {
  const db = testDatabase('postgres');
  const opened: Postgres[] = [];

  function open(options: Partial<PostgresOptions> = {}): Postgres {
    const postgres = new Postgres({ url: db.url, applicationName: 'pool-spec', ...options });
    opened.push(postgres);
    return postgres;
  }

  afterEach(async () => {
    await Promise.all(opened.splice(0).map((postgres) => postgres.close()));
  });

  it('sets every time-out on the server', async () => {
    const settings = await open().query<{ name: string; setting: string }>(sql`
      select name, setting from pg_settings
       where name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'application_name')
    `);

    expect(Object.fromEntries(settings.map(({ name, setting }) => [name, setting]))).toEqual({
      application_name: 'pool-spec',
      statement_timeout: '3000',
      lock_timeout: '500',
      idle_in_transaction_session_timeout: '5000',
    });
  });

  it('returns int8 and numeric as text, timestamptz as Date, a day as it is written', async () => {
    const [row] = await open().query(sql`
      select 9007199254740993::int8 as big, 0.10::numeric as exact, '2026-03-29T01:30:00Z'::timestamptz as at,
             '2026-03-29'::date as day, '{"a":1}'::jsonb as json
    `);

    expect(row).toEqual({
      big: '9007199254740993',
      exact: '0.10',
      at: new Date('2026-03-29T01:30:00Z'),
      day: '2026-03-29',
      json: { a: 1 },
    });
  });

  it('prepares a statement once per connection, whatever its values', async () => {
    const postgres = open({ max: 1 });

    for (const id of [1, 2, 3]) await postgres.query(sql`select ${id}::int as id`);

    const prepared = await postgres.query<{ name: string; statement: string }>(
      sql`select name, statement from pg_prepared_statements`,
    );
    expect(prepared.filter(({ statement }) => statement === 'select $1::int as id')).toEqual([
      { name: expect.stringMatching(/^emporium_[0-9a-f]{24}$/), statement: 'select $1::int as id' },
    ]);
  });

  it('tells how many rows a statement touched', async () => {
    await db.define('create table counted (n int)');

    expect(await open().execute(sql`insert into counted select generate_series(1, 7)`)).toBe(7);
    expect(await open().execute(sql`delete from counted where n > 100`)).toBe(0);
    expect(await open().execute(sql`set local lock_timeout = 1`)).toBe(0);
  });

  it('lends its address to a second pool with other limits', async () => {
    const sibling = open().sibling({ applicationName: 'other', max: 1, statementTimeoutMs: 77 });
    opened.push(sibling);

    const [row] = await sibling.query(
      sql`select current_setting('statement_timeout') as timeout, current_database() as database`,
    );

    expect(row).toEqual({ timeout: '77ms', database: db.database });
  });

  it('tells and counts its connections', async () => {
    const postgres = open({ applicationName: 'counted-pool', max: 2 });
    expect(postgres.stats()).toEqual({ total: 0, idle: 0, waiting: 0 });

    await Promise.all([1, 2, 3].map(() => postgres.query(sql`select pg_sleep(0.05)`)));

    expect(postgres.stats()).toEqual({ total: 2, idle: 2, waiting: 0 });
    const metrics = await registry.metrics();
    expect(metrics).toMatch(/emporium_postgres_pool_connections{[^}]*pool="counted-pool"[^}]*} \d/);
    expect(metrics).toMatch(/emporium_postgres_query_duration_seconds_count{[^}]*pool="counted-pool"[^}]*} 3/);
  });

  it('logs a slow statement with its text but without its values', async () => {
    const lines: unknown[][] = [];
    const logger = { warn: (...line: unknown[]) => lines.push(line) } as unknown as PostgresOptions['logger'];

    await open({ slowQueryMs: 10, logger }).query(sql`select pg_sleep(0.02), ${'secret'}::text`);

    expect(lines).toEqual([
      ['slow statement', expect.objectContaining({ statement: 'select pg_sleep(0.02), $1::text', outcome: 'ok' })],
    ]);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  it('closes more than once without complaint and refuses statements afterwards', async () => {
    const postgres = open();
    await postgres.ping();

    await Promise.all([postgres.close(), postgres.close()]);

    await expect(postgres.ping()).rejects.toMatchObject({ code: 'database-unavailable' });
  });

  it('lets the application role change rows but define nothing', async () => {
    await expect(open().execute(raw('create table sneaky (id int)'))).rejects.toMatchObject({ code: '42501' });
    await expect(open().execute(raw('drop table counted'))).rejects.toMatchObject({ code: '42501' });
    await expect(open().execute(raw('alter table counted add column extra int'))).rejects.toMatchObject({ code: '42501' });
  });
});
