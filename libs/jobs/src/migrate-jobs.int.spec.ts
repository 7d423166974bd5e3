import { exclusively, raw, sql } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { Jobs, migrateJobs } from './index.ts';

describe('the tables of the queue', () => {
  const db = testDatabase('migrate_jobs');
  const appRole = 'emporium_test_app';

  it('are made once by several processes at once, and let the application role add jobs', async () => {
    await Promise.all(Array.from({ length: 4 }, () => migrateJobs({ url: db.ownerUrl, appRole })));

    await new Jobs().add(db, 'anything', {});
    expect(await db.query(sql`select task_identifier from graphile_worker.jobs`)).toEqual([{ task_identifier: 'anything' }]);
  });

  it('may be migrated again, with or without a role', async () => {
    await migrateJobs({ url: db.ownerUrl, appRole });
    await migrateJobs({ url: db.ownerUrl });

    const rows = await exclusively(db.ownerUrl, (client) =>
      client.query(`select policyname from pg_policies where schemaname = 'graphile_worker'`),
    );
    expect(rows.rows.length).toBeGreaterThanOrEqual(4);
  });

  it('cannot be changed by the application role', async () => {
    await expect(db.execute(raw('drop table graphile_worker._private_jobs'))).rejects.toMatchObject({ code: '42501' });
    await expect(db.execute(raw('create table graphile_worker.mine (id int)'))).rejects.toMatchObject({ code: '42501' });
    await expect(db.execute(raw('delete from graphile_worker.migrations'))).rejects.toMatchObject({ code: '42501' });
  });
});
