import { HttpClient } from '@emporium/http-client';
import { CONFIG, Lifecycle, LOGGER } from '@emporium/service-defaults';
import type { Logger } from '@emporium/telemetry';
import { Module } from '@nestjs/common';
import type { PaymentConfig } from '../config.ts';
import { PaymentProvider } from './provider.ts';
import { createStripeClient } from './stripe.client.ts';

@Module({
  providers: [
    {
      provide: PaymentProvider,
      useFactory: (config: PaymentConfig, logger: Logger, lifecycle: Lifecycle): PaymentProvider => {
        const http = new HttpClient({
          name: 'payment-provider',
          baseUrl: config.providerUrl,
          timeoutMs: config.providerTimeoutMs,
          bulkhead: { maxConcurrent: config.providerMaxConcurrent },
          breaker: { resetTimeoutMs: config.providerResetMs },
          logger,
        });
        lifecycle.onStop('stores', 'payment provider', () => http.close());
        return createStripeClient(http, {
          key: config.providerKey,
          webhookSecret: config.webhookSecret,
          timeoutMs: config.providerTimeoutMs,
        });
      },
      inject: [CONFIG, LOGGER, Lifecycle],
    },
  ],
  exports: [PaymentProvider],
})
export class ProviderModule {}
