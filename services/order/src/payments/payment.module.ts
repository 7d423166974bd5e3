import type { HttpClient } from '@emporium/http-client';
import { CONFIG, SETTINGS, ServiceClients } from '@emporium/service-defaults';
import type { Settings } from '@emporium/settings';
import { Module } from '@nestjs/common';
import type { OrderConfig } from '../config.ts';
import type { OrderSettings } from '../settings.ts';
import { isPaymentFailure, PaymentClient } from './payment.client.ts';

/** Injection token of the one `HttpClient` of this upstream: its circuit and its places are for all callers. */
export const PAYMENT_HTTP = Symbol('http client of the payment service');

@Module({
  providers: [
    {
      provide: PAYMENT_HTTP,
      useFactory: (
        clients: ServiceClients,
        { paymentServiceUrl: baseUrl }: OrderConfig,
        settings: Settings<OrderSettings>,
      ): HttpClient =>
        clients.to('payment', {
          baseUrl,
          settings: () => settings.current.upstreams.payment,
          breaker: { isFailure: isPaymentFailure },
        }),
      inject: [ServiceClients, CONFIG, SETTINGS],
    },
    { provide: PaymentClient, useFactory: (http: HttpClient) => new PaymentClient(http), inject: [PAYMENT_HTTP] },
  ],
  exports: [PaymentClient, PAYMENT_HTTP],
})
export class PaymentModule {}
