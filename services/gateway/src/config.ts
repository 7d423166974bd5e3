import { defineConfig, env } from '@emporium/config';
import { platformConfig, redisConfig } from '@emporium/service-defaults';

/** The only file of this service that knows environment variable names. */
export const loadConfig = defineConfig({
  ...platformConfig({ port: 8080, managementPort: 9001 }),
  ...redisConfig(),
  productServiceUrl: env.url('PRODUCT_SERVICE_URL', { default: 'http://127.0.0.1:3003' }),
  orderServiceUrl: env.url('ORDER_SERVICE_URL', { default: 'http://127.0.0.1:3004' }),
  paymentServiceUrl: env.url('PAYMENT_SERVICE_URL', { default: 'http://127.0.0.1:3005' }),
  /** Scales all limits of `limits/limits.ts`, in percent. */
  rateLimitPercent: env.integer('RATE_LIMIT_PERCENT', { default: 100, min: 1, max: 1_000_000 }),
  /** Scales the concurrency of `shedding/concurrency.ts`, in percent, for machines of another size. */
  concurrencyPercent: env.integer('CONCURRENCY_PERCENT', { default: 100, min: 1, max: 100_000 }),
  // The door answers everybody, so it must be the last to be late: beyond this even a purchase is refused.
  loopDelayMaxMs: env.duration('LOOP_DELAY_MAX_MS', { default: 500, min: 1 }),
  /** Calls to one service at a time; one more is answered 503 at once. */
  upstreamConcurrency: env.integer('UPSTREAM_CONCURRENCY', { default: 512, min: 1, max: 100_000 }),
  /** Answers to anonymous questions that are kept in this process: 32 MiB are some thousand lists. */
  edgeCacheBytes: env.integer('EDGE_CACHE_BYTES', { default: 33_554_432, min: 1_048_576, max: 8_589_934_592 }),
});

export type GatewayConfig = ReturnType<typeof loadConfig>;
