import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Postgres, raw, sql } from '@emporium/postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { asAdmin, createDatabase, dropDatabase, serverUrl, templateFor, urlOf } from './database-server.ts';
import { testDatabase } from './test-database.ts';

describe('a database per spec', () => {
  const one = testDatabase('One spec');
  const other = testDatabase('other', { jobs: true });
  let directory: string;

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'template-'));
    await writeFile(
      join(directory, '0001_things.sql'),
      '-- Up Migration\ncreate table things (id int);\n-- Down Migration\ndrop table things;\n',
    );
  });

  afterAll(() => rm(directory, { recursive: true }));

  it('is its own', async () => {
    const names = await Promise.all([one, other].map((db) => db.query<{ name: string }>(sql`select current_database() as name`)));

    expect(names).toEqual([[{ name: one.database }], [{ name: other.database }]]);
    expect(one.database).toMatch(/^test_one_spec_[0-9a-f]{10}$/);
  });

  it('is used as the application role, which cannot define what it uses', async () => {
    await one.define('create table notes (id int); insert into notes values (1)');

    expect(await one.query(sql`select id, current_user::text as role from notes`)).toEqual([
      { id: 1, role: 'emporium_test_app' },
    ]);
    await expect(one.execute(raw('create table mine (id int)'))).rejects.toMatchObject({ code: '42501' });
  });

  it('has the job queue when asked for it', async () => {
    expect(await other.query(sql`select count(*)::int as n from graphile_worker.jobs`)).toEqual([{ n: 0 }]);
    await expect(one.query(sql`select 1 from graphile_worker.jobs`)).rejects.toMatchObject({ code: '42P01' });
  });

  it('comes from a template that is made once, however many ask, and anew when a migration changes', async () => {
    const options = { migrations: [{ name: 'things', directory }], jobs: false };
    const ask = () => asAdmin((admin) => templateFor(admin, options));

    const names = new Set(await Promise.all([ask(), ask(), ask(), ask()]));
    await writeFile(
      join(directory, '0002_more.sql'),
      '-- Up Migration\ncreate table more (id int);\n-- Down Migration\ndrop table more;\n',
    );
    names.add(await ask());

    expect(names.size).toBe(2);
    for (const name of names) await dropDatabase(name);
  });

  it('fails the spec that leaves a connection behind, and is dropped all the same', async () => {
    const name = `${one.database}_leak`;
    await createDatabase(name, { migrations: [], jobs: false });
    const leaked = new Postgres({ url: urlOf(name, 'app'), applicationName: 'forgotten', min: 0 });
    await leaked.ping();

    await expect(dropDatabase(name)).rejects.toThrow(/Still connected .*: forgotten/);

    expect(await one.query(sql`select 1 from pg_database where datname = ${name}`)).toEqual([]);
    await leaked.close();
  });

  describe('without a server', () => {
    afterEach(() => void vi.unstubAllEnvs());

    it('says which variable is missing', () => {
      vi.stubEnv('TEST_DATABASE_URL', undefined);

      expect(serverUrl).toThrow('TEST_DATABASE_URL is not set');
    });
  });
});
