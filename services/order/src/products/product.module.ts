import type { HttpClient } from '@emporium/http-client';
import { CONFIG, SETTINGS, ServiceClients } from '@emporium/service-defaults';
import type { Settings } from '@emporium/settings';
import { Module } from '@nestjs/common';
import type { OrderConfig } from '../config.ts';
import type { OrderSettings } from '../settings.ts';
import { ProductClient } from './product.client.ts';

/** Injection token of the one `HttpClient` of this upstream: its circuit and its places are for all callers. */
export const PRODUCT_HTTP = Symbol('http client of the product service');

@Module({
  providers: [
    {
      provide: PRODUCT_HTTP,
      useFactory: (
        clients: ServiceClients,
        { productServiceUrl: baseUrl }: OrderConfig,
        settings: Settings<OrderSettings>,
      ): HttpClient => clients.to('product', { baseUrl, settings: () => settings.current.upstreams.product }),
      inject: [ServiceClients, CONFIG, SETTINGS],
    },
    { provide: ProductClient, useFactory: (http: HttpClient) => new ProductClient(http), inject: [PRODUCT_HTTP] },
  ],
  exports: [ProductClient, PRODUCT_HTTP],
})
export class ProductModule {}
