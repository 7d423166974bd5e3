import { defineConfig, env } from '@emporium/config';
import { Postgres } from '@emporium/postgres';
import { createLogger } from '@emporium/telemetry';
import { seedCatalog } from './seed/seed-catalog.ts';

const { url, nodeEnv } = defineConfig({
  url: env.url('DATABASE_URL'),
  nodeEnv: env.oneOf('NODE_ENV', ['development', 'test', 'production'], { default: 'development' }),
})(process.env);
if (nodeEnv === 'production') throw new Error('The development catalogue is never seeded in production.');

const logger = createLogger({ service: 'product', level: 'info' });
const postgres = new Postgres({ url, applicationName: 'product-seed', max: 2, min: 0, statementTimeoutMs: 30_000, logger });
try {
  logger.info('seeded', { products: await seedCatalog(postgres) });
} finally {
  await postgres.close();
}
