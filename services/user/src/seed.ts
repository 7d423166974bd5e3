import { defineConfig, env } from '@emporium/config';
import { Postgres } from '@emporium/postgres';
import { createLogger } from '@emporium/telemetry';
import { seedAccounts } from './seed/seed-accounts.ts';

const config = defineConfig({
  nodeEnv: env.oneOf('NODE_ENV', ['development', 'test', 'production'], { default: 'development' }),
  url: env.url('DATABASE_URL'),
  adminPassword: env.secret('SEED_ADMIN_PASSWORD', { optional: true }),
  customerPassword: env.secret('SEED_CUSTOMER_PASSWORD', { optional: true }),
})(process.env);

const postgres = new Postgres({ url: config.url, applicationName: 'user-seed', max: 2, min: 0 });
try {
  await seedAccounts(postgres, config);
  createLogger({ service: 'user', level: 'info' }).info('seeded');
} finally {
  await postgres.close();
}
