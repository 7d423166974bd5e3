import { migrate, sql } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { givenProduct } from '../test/given.ts';
import { migrations } from './migrations.ts';

describe('the migrations', () => {
  const db = testDatabase('migrations', { migrations });
  const own = migrations.filter(({ name }) => name === 'product');
  const tables = async () =>
    (
      await db.query<{ tablename: string }>(sql`
        select tablename from pg_tables where schemaname = 'public' and tablename not like 'migrations_%' order by tablename
      `)
    ).map((row) => row.tablename);

  it('go down to nothing and up again, as the owner, who is no superuser', async () => {
    const before = await tables();
    expect(before).toContain('reservations');

    await migrate({ url: db.ownerUrl, migrations: own, direction: 'down', count: 4 });
    expect(await tables()).not.toContain('products');
    await migrate({ url: db.ownerUrl, migrations: own, direction: 'up', appRole: 'emporium_test_app' });

    expect(await tables()).toEqual(before);
    await expect(givenProduct(db)).resolves.toMatch(/^[0-9a-f-]{36}$/);
  });

  it('leave the service no right to change tables', async () => {
    await expect(db.execute(sql`alter table products add column oops int`)).rejects.toMatchObject({ code: '42501' });
  });
});
