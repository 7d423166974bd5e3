import { defineConfig, env } from '@emporium/config';
import { jobsMigrations, migrateJobs } from '@emporium/jobs';
import { type MigrationSet, migrate } from '@emporium/postgres';
import { createLogger } from '@emporium/telemetry';
import { awaitMigrations } from './await-migrations.ts';

const loadConfig = defineConfig({
  url: env.url('DATABASE_URL'),
  appRole: env.string('APP_ROLE', { optional: true }),
  what: env.oneOf('MIGRATIONS', ['run', 'wait'], { default: 'run' }),
});

/**
 * A service's `migrate.ts`: the job queue's tables, then the given sets in order. `DATABASE_URL` is the owner's address here, and
 * `APP_ROLE` the role the service runs as, which gets the rows and no DDL. May run any number of times and at the same time.
 * With `MIGRATIONS=wait` and the address of the application's role it changes nothing, and ends when somebody else has run them all.
 */
export async function migrateService(service: {
  name: string;
  migrations: readonly MigrationSet[];
  environment: NodeJS.ProcessEnv;
}): Promise<void> {
  const { url, appRole, what } = loadConfig(service.environment);
  const logger = createLogger({ service: service.name, level: 'info' });
  if (what === 'wait') {
    // The first process of a container ends by a signal only if it listens to it.
    process.once('SIGTERM', () => process.exit(143));
    await awaitMigrations({ url, migrations: [jobsMigrations, ...service.migrations], logger });
    return;
  }
  await migrateJobs({ url, appRole });
  const names = await migrate({ url, migrations: service.migrations, direction: 'up', appRole, logger });
  logger.info('migrated', { names });
}
