import { defineConfig, env } from '@emporium/config';
import { migrateJobs } from '@emporium/jobs';
import { migrate } from '@emporium/postgres';
import { createLogger } from '@emporium/telemetry';
import { migrations } from './migrations.ts';

// DATABASE_URL is the owner's address here; APP_ROLE is who the service runs as.
const { url, appRole } = defineConfig({ url: env.url('DATABASE_URL'), appRole: env.string('APP_ROLE', { optional: true }) })(
  process.env,
);
const logger = createLogger({ service: 'user', level: 'info' });

await migrateJobs({ url, appRole });
const names = await migrate({ url, migrations, direction: 'up', appRole, logger });
logger.info('migrated', { names });
