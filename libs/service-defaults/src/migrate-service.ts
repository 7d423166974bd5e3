import { defineConfig, env } from '@emporium/config';
import { migrateJobs } from '@emporium/jobs';
import { type MigrationSet, migrate } from '@emporium/postgres';
import { createLogger } from '@emporium/telemetry';

const loadConfig = defineConfig({ url: env.url('DATABASE_URL'), appRole: env.string('APP_ROLE', { optional: true }) });

/**
 * A service's `migrate.ts`: the job queue's tables, then the given sets in order. `DATABASE_URL` is the owner's address here, and
 * `APP_ROLE` the role the service runs as, which gets the rows and no DDL. May run any number of times and at the same time.
 */
export async function migrateService(service: {
  name: string;
  migrations: readonly MigrationSet[];
  environment: NodeJS.ProcessEnv;
}): Promise<void> {
  const { url, appRole } = loadConfig(service.environment);
  const logger = createLogger({ service: service.name, level: 'info' });
  await migrateJobs({ url, appRole });
  const names = await migrate({ url, migrations: service.migrations, direction: 'up', appRole, logger });
  logger.info('migrated', { names });
}
