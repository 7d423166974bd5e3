import { idempotencyMigrations } from '@emporium/idempotency';
import { sql } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { migrateService } from './migrate-service.ts';

describe('the migration of a service', () => {
  const db = testDatabase('migrate_service');

  const migrateTwice = async () => {
    const role = new URL(db.url).username;
    const service = {
      name: 'product',
      migrations: [idempotencyMigrations],
      environment: { DATABASE_URL: db.ownerUrl, APP_ROLE: role },
    };
    await Promise.all([migrateService(service), migrateService(service)]);
  };

  it('may run twice at once, and gives the service the rows but not the tables', async () => {
    await migrateTwice();

    expect(await db.query(sql`select key from idempotency_keys`)).toEqual([]);
    await expect(db.execute(sql`drop table idempotency_keys`)).rejects.toThrow('owner');
  });

  it('says what is missing', async () => {
    await expect(migrateService({ name: 'product', migrations: [], environment: {} })).rejects.toThrow('DATABASE_URL is missing');
  });
});
