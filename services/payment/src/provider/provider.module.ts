import { HttpClient } from '@emporium/http-client';
import { CONFIG, Lifecycle, LOGGER, SETTINGS } from '@emporium/service-defaults';
import type { Settings } from '@emporium/settings';
import type { Logger } from '@emporium/telemetry';
import { Module } from '@nestjs/common';
import type Stripe from 'stripe';
import type { PaymentConfig } from '../config.ts';
import type { PaymentRuntimeSettings } from '../settings.ts';
import { PaymentProvider } from './provider.ts';
import { ProviderStatement } from './statement.ts';
import { createStripe, StripeClient } from './stripe.client.ts';
import { StripeStatement } from './stripe.statement.ts';

const STRIPE = Symbol('stripe');

@Module({
  providers: [
    {
      provide: STRIPE,
      useFactory: (
        config: PaymentConfig,
        settings: Settings<PaymentRuntimeSettings>,
        logger: Logger,
        lifecycle: Lifecycle,
      ): Stripe => {
        const http = new HttpClient({
          name: 'payment-provider',
          baseUrl: config.providerUrl,
          settings: () => settings.current.upstreams['payment-provider'],
          logger,
        });
        lifecycle.onStop('stores', 'payment provider', () => http.close());
        return createStripe(http, { key: config.providerKey });
      },
      inject: [CONFIG, SETTINGS, LOGGER, Lifecycle],
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
