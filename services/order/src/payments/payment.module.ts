import { CONFIG, ServiceClients } from '@emporium/service-defaults';
import { Module } from '@nestjs/common';
import type { OrderConfig } from '../config.ts';
import { PaymentClient } from './payment.client.ts';

@Module({
  providers: [
    {
      provide: PaymentClient,
      useFactory: (clients: ServiceClients, { paymentServiceUrl, paymentTimeoutMs }: OrderConfig) =>
        new PaymentClient(clients.to('payment', { baseUrl: paymentServiceUrl, timeoutMs: paymentTimeoutMs })),
      inject: [ServiceClients, CONFIG],
    },
  ],
  exports: [PaymentClient],
})
export class PaymentModule {}
