import { type ConfigOf, defineConfig, env } from '@emporium/config';
import { databaseConfig, platformConfig, redisConfig } from '@emporium/service-defaults';

const spec = {
  ...platformConfig({ port: 3005, managementPort: 9005 }),
  ...databaseConfig(),
  ...redisConfig(),
  /** Base address without /v1; https://api.stripe.com is the real one. */
  providerUrl: env.url('PAYMENT_PROVIDER_URL', { default: 'http://127.0.0.1:3006', requiredInProduction: true }),
  providerKey: env.secret('PAYMENT_PROVIDER_KEY', { default: 'sk_test_development', requiredInProduction: true }),
  webhookSecret: env.secret('PAYMENT_WEBHOOK_SECRET', { default: 'whsec_development', requiredInProduction: true }),
  /** Half a second less than the 3 s within which every request is answered. A charge that takes longer is settled by its job. */
  providerTimeoutMs: env.duration('PAYMENT_PROVIDER_TIMEOUT_MS', { default: 2_500, min: 100 }),
  providerMaxConcurrent: env.integer('PAYMENT_PROVIDER_MAX_CONCURRENT', { default: 100, min: 1, max: 10_000 }),
  /** How long an open circuit waits before one call tries the provider again. */
  providerResetMs: env.duration('PAYMENT_PROVIDER_RESET_MS', { default: 5_000, min: 10 }),
  recoveryDelayMs: env.duration('PAYMENT_RECOVERY_DELAY_MS', { default: 500, min: 1 }),
  currency: env.string('PAYMENT_DEFAULT_CURRENCY', { default: 'EUR' }),
};

export type PaymentConfig = ConfigOf<typeof spec>;

/** The only file of this service that knows environment variable names. */
export const loadConfig = defineConfig(spec);
