import { CONFIG, ServiceClients } from '@emporium/service-defaults';
import { Module } from '@nestjs/common';
import type { OrderConfig } from '../config.ts';
import { ProductClient } from './product.client.ts';

@Module({
  providers: [
    {
      provide: ProductClient,
      useFactory: (clients: ServiceClients, { productServiceUrl, productTimeoutMs }: OrderConfig) =>
        new ProductClient(clients.to('product', { baseUrl: productServiceUrl, timeoutMs: productTimeoutMs })),
      inject: [ServiceClients, CONFIG],
    },
  ],
  exports: [ProductClient],
})
export class ProductModule {}
