import { migrate, sql } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { migrations } from './migrations.ts';

describe('the migrations', () => {
  const db = testDatabase('migrations', { migrations });
  const own = migrations.slice(-1);
  const tables = async () =>
    (await db.query<{ name: string }>(sql`select tablename as name from pg_tables where schemaname = 'public' order by 1`)).map(
      ({ name }) => name,
    );

  it('go all the way down and up again', async () => {
    const before = await tables();

    const undone = await migrate({ url: db.ownerUrl, migrations: own, direction: 'down', count: 3 });
    const left = await tables();
    const done = await migrate({ url: db.ownerUrl, migrations: own, direction: 'up' });

    expect(undone).toHaveLength(3);
    expect(left.filter((name) => /account|address|session|token|revocation|sign_in/.test(name))).toEqual([]);
    expect(done).toHaveLength(3);
    expect(await tables()).toEqual(before);
  });
});
