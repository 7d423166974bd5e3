import { idempotencyMigrations } from '@emporium/idempotency';
import { exclusively, sql } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import { describe, expect, it, vi } from 'vitest';
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

  it('can be waited for by the application, which runs none of it', async () => {
    const environment = { DATABASE_URL: db.url, MIGRATIONS: 'wait' };
    const wait = () => migrateService({ name: 'product', migrations: [idempotencyMigrations], environment });
    await wait();
    await exclusively(db.ownerUrl, (client) =>
      client.query('drop table idempotency_keys cascade; delete from migrations_idempotency'),
    );
    const ended = vi.fn();
    const waiting = wait().then(ended);
    await new Promise((resolve) => setTimeout(resolve, 1_500));
    expect(ended).not.toHaveBeenCalled();

    await migrateTwice();

    await waiting;
  });

  it('says what is missing', async () => {
    await expect(migrateService({ name: 'product', migrations: [], environment: {} })).rejects.toThrow('DATABASE_URL is missing');
  });
});
