import { serviceSettings } from '@emporium/service-defaults';
import { z } from 'zod';
import type { OrderConfig } from './config.ts';

/** What may change while the service runs; the configuration gives the defaults. */
export function orderSettings(config: OrderConfig) {
  return serviceSettings(
    config,
    { product: { timeoutMs: config.productTimeoutMs }, payment: { timeoutMs: config.paymentTimeoutMs } },
    { checkout: checkout(config) },
  );
}

export type OrderSettings = z.output<ReturnType<typeof orderSettings>>;

/**
 * How long customers wait, and how many at once. Not here: what is written down with an order or a key (deadline, lease, when the job looks
 * after it), because what is written would not follow.
 */
function checkout(config: OrderConfig) {
  const { checkoutPatienceMs: patienceMs, checkoutLineMs: lineMs, checkoutRecoveryDelayMs } = config;
  return z
    .strictObject({
      // A request that is patient longer than that works beside its own job.
      patienceMs: z.int().min(100).max(checkoutRecoveryDelayMs).default(patienceMs),
      concurrency: z.int().min(1).max(1_000).default(config.checkoutConcurrency),
      maxWaiting: z.int().min(0).max(100_000).default(config.checkoutMaxWaiting),
      lineMs: z.int().min(1).default(lineMs),
    })
    .refine((wanted) => wanted.lineMs < wanted.patienceMs || (wanted.lineMs === lineMs && wanted.patienceMs === patienceMs), {
      path: ['lineMs'],
      message: 'Too long: nobody must be in line until the patience is over',
    })
    .prefault({});
}
