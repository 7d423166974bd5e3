import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { pathToFileURL } from 'node:url';
import { testDatabase } from '@emporium/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { exclusively, grantAppRole, type MigrationSet, migrate, pendingMigrations } from './index.ts';
import { sql } from './sql.ts';

describe('migrations', () => {
  const db = testDatabase('migrate');
  let root: string;
  let migrations: MigrationSet[];

  beforeAll(async () => {
    root = await mkdtemp(joinPath(tmpdir(), 'migrations-'));
    const events = await mkdtemp(joinPath(root, 'events-'));
    const order = await mkdtemp(joinPath(root, 'order-'));
    await write(events, '0001_inbox.sql', 'create table inbox (id uuid primary key);', 'drop table inbox;');
    await write(order, '0001_orders.sql', 'create table orders (id uuid primary key);', 'drop table orders;');
    await write(order, '0002_notes.sql', 'alter table orders add column note text;', 'alter table orders drop column note;');
    migrations = [
      { name: 'events', directory: events },
      { name: 'order', directory: pathToFileURL(order) },
    ];
  });

  afterAll(() => rm(root, { recursive: true }));

  const run = (direction: 'up' | 'down', count?: number) =>
    migrate({ url: db.ownerUrl, migrations, direction, count, appRole: 'emporium_test_app' });
  const write = (directory: string, file: string, up: string, down: string) =>
    writeFile(joinPath(directory, file), `-- Up Migration\n${up}\n\n-- Down Migration\n${down}\n`);
  const tables = async () => {
    const rows = await db.query<{ name: string }>(
      sql`select tablename as name from pg_tables where schemaname = 'public' order by 1`,
    );
    return rows.map(({ name }) => name).filter((name) => !name.startsWith('migrations_'));
  };

  afterEach(async () => {
    await run('down', Number.POSITIVE_INFINITY);
  });

  it('go up in the order of the sets and back down in the reverse order', async () => {
    expect(await run('up')).toEqual(['events/0001_inbox', 'order/0001_orders', 'order/0002_notes']);
    expect(await tables()).toEqual(['inbox', 'orders']);

    expect(await run('down', Number.POSITIVE_INFINITY)).toEqual(['order/0002_notes', 'order/0001_orders', 'events/0001_inbox']);
    expect(await tables()).toEqual([]);
  });

  it('go down one step of each set unless told otherwise', async () => {
    await run('up');

    expect(await run('down')).toEqual(['order/0002_notes', 'events/0001_inbox']);
    expect(await tables()).toEqual(['orders']);
  });

  it('go up no further than asked', async () => {
    expect(await run('up', 1)).toEqual(['events/0001_inbox', 'order/0001_orders']);
    expect(await run('up')).toEqual(['order/0002_notes']);
  });

  it('are pending, for the application role, until they have been run', async () => {
    const pending = () => pendingMigrations({ url: db.url, migrations });
    expect(await pending()).toEqual(['events/0001_inbox', 'order/0001_orders', 'order/0002_notes']);

    await run('up', 1);
    expect(await pending()).toEqual(['order/0002_notes']);

    await run('up');
    expect(await pending()).toEqual([]);
    expect(await pendingMigrations({ url: db.url, migrations: migrations.slice(0, 1) })).toEqual([]);
  });

  it('cannot be known while the database cannot be asked', async () => {
    await expect(pendingMigrations({ url: 'postgres://nobody@127.0.0.1:1/none', migrations })).rejects.toThrow();
  });

  it('are run once, however many start at the same time', async () => {
    const runs = await Promise.all(Array.from({ length: 5 }, () => run('up')));

    expect(runs.flat().sort()).toEqual(['events/0001_inbox', 'order/0001_orders', 'order/0002_notes']);
    expect(runs.filter((done) => done.length === 0)).toHaveLength(4);
  });

  it('leave the tables to the application role, and the bookkeeping to the owner, who lets it be read', async () => {
    await run('up');

    expect(await db.execute(sql`insert into orders (id) values ('00000000-0000-4000-8000-000000000001')`)).toBe(1);
    expect(await db.query(sql`select name from migrations_order order by 1`)).toEqual([
      { name: '0001_orders' },
      { name: '0002_notes' },
    ]);
    await expect(db.execute(sql`delete from migrations_order`)).rejects.toMatchObject({ code: '42501' });
  });

  it('leave nothing of a set whose second file fails', async () => {
    const broken = await mkdtemp(joinPath(root, 'broken-'));
    await write(broken, '0001_fine.sql', 'create table fine (id int);', 'drop table fine;');
    await write(broken, '0002_wrong.sql', 'create tabel wrong (id int);', '');

    const failing = migrate({ url: db.ownerUrl, migrations: [{ name: 'broken', directory: broken }], direction: 'up' });

    await expect(failing).rejects.toThrow(/syntax error/);
    expect(await tables()).toEqual([]);
    expect(await run('up')).toHaveLength(3);
  });

  it('refuse a file that would come before one already run', async () => {
    const late = await mkdtemp(joinPath(root, 'late-'));
    const set = [{ name: 'late', directory: late }];
    await write(late, '0002_second.sql', 'create table second (id int);', 'drop table second;');
    await migrate({ url: db.ownerUrl, migrations: set, direction: 'up' });

    await write(late, '0001_first.sql', 'create table first (id int);', 'drop table first;');

    await expect(migrate({ url: db.ownerUrl, migrations: set, direction: 'up' })).rejects.toThrow(/preceding already run/);
    await rm(joinPath(late, '0001_first.sql'));
    await migrate({ url: db.ownerUrl, migrations: set, direction: 'down' });
  });

  it('refuse a name that could not be part of a table name', async () => {
    const odd = [{ name: 'Order"; drop', directory: root }];

    await expect(migrate({ url: db.ownerUrl, migrations: odd, direction: 'up' })).rejects.toThrow(/cannot name/);
  });

  it('tell a logger what they did', async () => {
    const levels: string[] = [];
    const logger = { log: (level: string) => levels.push(level) } as never;

    await migrate({ url: db.ownerUrl, migrations, direction: 'up', logger });

    expect(levels).toContain('debug');
  });

  it('let grants be given later, also for tables made afterwards', async () => {
    await grantAppRole({ url: db.ownerUrl, role: 'emporium_test_app' });
    await exclusively(db.ownerUrl, (client) => client.query('create table later (id serial)'));

    expect(await db.execute(sql`insert into later default values`)).toBe(1);
    await exclusively(db.ownerUrl, (client) => client.query('drop table later'));
  });
});
