import { defineConfig, env } from '@emporium/config';
import { databaseConfig, platformConfig, redisConfig, replicaConfig } from '@emporium/service-defaults';

/** The only file of this service that knows environment variable names. */
export const loadConfig = defineConfig({
  ...platformConfig({ port: 3004, managementPort: 9004 }),
  ...databaseConfig(),
  ...replicaConfig(),
  ...redisConfig(),
  productServiceUrl: env.url('PRODUCT_SERVICE_URL', { default: 'http://127.0.0.1:3003' }),
  paymentServiceUrl: env.url('PAYMENT_SERVICE_URL', { default: 'http://127.0.0.1:3005' }),
  productTimeoutMs: env.duration('PRODUCT_TIMEOUT_MS', { default: 2_000, min: 1 }),
  paymentTimeoutMs: env.duration('PAYMENT_TIMEOUT_MS', { default: 3_000, min: 1 }),
  currency: env.string('CATALOG_CURRENCY', { default: 'EUR' }),
  // The public contract promises an answer within 3 s; what is left of it covers the commits and the way back.
  checkoutPatienceMs: env.duration('CHECKOUT_PATIENCE_MS', { default: 2_500, min: 100 }),
  checkoutRecoveryDelayMs: env.duration('CHECKOUT_RECOVERY_DELAY_MS', { default: 4_000, min: 100 }),
  // Twice the patience: after that a repeated key is answered from the order itself, which is safe at any time.
  checkoutKeyLeaseMs: env.duration('CHECKOUT_KEY_LEASE_MS', { default: 5_000, min: 1_000 }),
  checkoutConcurrency: env.integer('CHECKOUT_CONCURRENCY', { default: 12, min: 1, max: 1_000 }),
  checkoutMaxWaiting: env.integer('CHECKOUT_MAX_WAITING', { default: 1_000, min: 0, max: 100_000 }),
  checkoutLineMs: env.duration('CHECKOUT_LINE_MS', { default: 1_500, min: 1 }),
  // Shorter than the product service's RESERVATION_TTL_MS (15 min), so that an order ends before its units are given away.
  orderDeadlineMs: env.duration('ORDER_DEADLINE_MS', { default: 600_000, min: 1_000 }),
  // Twenty requests' worth of time: a purchase that is under way is no disagreement.
  reconciliationGraceMs: env.duration('RECONCILIATION_GRACE_MS', { default: 60_000, min: 0, max: 3_600_000 }),
});

export type OrderConfig = ReturnType<typeof loadConfig>;
