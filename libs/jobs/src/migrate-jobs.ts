import { exclusively, grantAppRole, migrate, Postgres } from '@emporium/postgres';
import { Logger as GraphileLogger, runMigrations } from 'graphile-worker';
import { grantQueueTo } from './queue-grants.ts';

/** The library's own table beside the queue's; part of `migrateJobs`. */
export const jobsMigrations = { name: 'jobs', directory: new URL('../migrations', import.meta.url) };

/**
 * Creates or updates the queue's tables as their owner and lets the application's role work with them, so that it needs no DDL.
 * May be run any number of times and by several processes at once.
 */
export async function migrateJobs({ url, appRole }: { url: string; appRole?: string }): Promise<void> {
  await migrate({ url, migrations: [jobsMigrations], direction: 'up' });
  await exclusively(url, async (client) => {
    await runQueueMigrations(url);
    if (appRole !== undefined) await grantQueueTo(client, appRole);
  });
  if (appRole !== undefined) await grantAppRole({ url, role: appRole });
}

async function runQueueMigrations(url: string): Promise<void> {
  const owner = new Postgres({
    url,
    applicationName: 'migrate',
    max: 2,
    min: 0,
    statementTimeoutMs: 60_000,
    lockTimeoutMs: 5_000,
  });
  try {
    await runMigrations({ pgPool: owner.pool, concurrency: 1, logger: new GraphileLogger(() => () => undefined) });
  } finally {
    await owner.close();
  }
}
