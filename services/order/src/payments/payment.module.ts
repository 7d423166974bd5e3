import { CONFIG, SETTINGS, ServiceClients } from '@emporium/service-defaults';
import type { Settings } from '@emporium/settings';
import { Module } from '@nestjs/common';
import type { OrderConfig } from '../config.ts';
import type { OrderSettings } from '../settings.ts';
import { PaymentClient } from './payment.client.ts';

@Module({
  providers: [
    {
      provide: PaymentClient,
      useFactory: (clients: ServiceClients, { paymentServiceUrl: baseUrl }: OrderConfig, settings: Settings<OrderSettings>) =>
        new PaymentClient(clients.to('payment', { baseUrl, settings: () => settings.current.upstreams.payment })),
      inject: [ServiceClients, CONFIG, SETTINGS],
    },
  ],
  exports: [PaymentClient],
})
export class PaymentModule {}
