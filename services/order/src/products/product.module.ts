import { CONFIG, SETTINGS, ServiceClients } from '@emporium/service-defaults';
import type { Settings } from '@emporium/settings';
import { Module } from '@nestjs/common';
import type { OrderConfig } from '../config.ts';
import type { OrderSettings } from '../settings.ts';
import { ProductClient } from './product.client.ts';

@Module({
  providers: [
    {
      provide: ProductClient,
      useFactory: (clients: ServiceClients, { productServiceUrl: baseUrl }: OrderConfig, settings: Settings<OrderSettings>) =>
        new ProductClient(clients.to('product', { baseUrl, settings: () => settings.current.upstreams.product })),
      inject: [ServiceClients, CONFIG, SETTINGS],
    },
  ],
  exports: [ProductClient],
})
export class ProductModule {}
