import { HttpClient } from '@emporium/http-client';
import { CONFIG, Lifecycle, LOGGER } from '@emporium/service-defaults';
import type { Logger } from '@emporium/telemetry';
import { Module } from '@nestjs/common';
import type Stripe from 'stripe';
import type { PaymentConfig } from '../config.ts';
import { PaymentProvider } from './provider.ts';
import { ProviderStatement } from './statement.ts';
import { createStripe, StripeClient } from './stripe.client.ts';
import { StripeStatement } from './stripe.statement.ts';

const STRIPE = Symbol('stripe');

@Module({
  providers: [
    {
      provide: STRIPE,
      useFactory: (config: PaymentConfig, logger: Logger, lifecycle: Lifecycle): Stripe => {
        const http = new HttpClient({
          name: 'payment-provider',
          baseUrl: config.providerUrl,
          timeoutMs: config.providerTimeoutMs,
          bulkhead: { maxConcurrent: config.providerMaxConcurrent },
          breaker: { resetTimeoutMs: config.providerResetMs },
          logger,
        });
        lifecycle.onStop('stores', 'payment provider', () => http.close());
        return createStripe(http, { key: config.providerKey, timeoutMs: config.providerTimeoutMs });
      },
      inject: [CONFIG, LOGGER, Lifecycle],
    },
    {
      provide: PaymentProvider,
      useFactory: (stripe: Stripe, config: PaymentConfig): PaymentProvider => new StripeClient(stripe, config.webhookSecret),
      inject: [STRIPE, CONFIG],
    },
    {
      provide: ProviderStatement,
      useFactory: (stripe: Stripe): ProviderStatement => new StripeStatement(stripe),
      inject: [STRIPE],
    },
  ],
  exports: [PaymentProvider, ProviderStatement],
})
export class ProviderModule {}
