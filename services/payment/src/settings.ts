import { serviceSettings } from '@emporium/service-defaults';
import type { z } from 'zod';
import type { PaymentConfig } from './config.ts';

/** What may change while the service runs; the configuration gives the defaults. */
export const paymentSettings = (config: PaymentConfig) =>
  serviceSettings(config, {
    'payment-provider': {
      timeoutMs: config.providerTimeoutMs,
      breaker: { resetTimeoutMs: config.providerResetMs },
      bulkhead: { maxConcurrent: config.providerMaxConcurrent },
    },
  });

/** Named apart from `PaymentSettings`, which is what the payments are made with. */
export type PaymentRuntimeSettings = z.output<ReturnType<typeof paymentSettings>>;
