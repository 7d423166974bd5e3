import { PlatformModule, type PlatformOptions } from '@emporium/service-defaults';
import { type DynamicModule, Module } from '@nestjs/common';
import { CatalogModule } from './catalog/catalog.module.ts';
import type { ProductConfig } from './config.ts';
import { PictureModule } from './pictures/picture.module.ts';
import { PopularityConsumer } from './popularity/popularity.consumer.ts';
import { PopularityModule } from './popularity/popularity.module.ts';
import { ProductModule } from './products/product.module.ts';
import { ReconciliationModule } from './reconciliation/reconciliation.module.ts';
import { ReservationJobs } from './reservations/reservation.jobs.ts';
import { ReservationModule } from './reservations/reservation.module.ts';
import { StockModule } from './stock/stock.module.ts';

@Module({})
class AppModule {}

/** The whole service. `overrides` is for specs, which bring their own keys. */
export const appModule = (config: ProductConfig, overrides: Partial<PlatformOptions> = {}): DynamicModule => {
  const background = { jobs: [ReservationJobs], consumers: [PopularityConsumer] };
  const platform = PlatformModule.with(config, { name: 'product', postgres: true, redis: true, ...background, ...overrides });
  const features = [
    CatalogModule,
    ProductModule,
    PictureModule,
    StockModule,
    ReservationModule,
    PopularityModule,
    ReconciliationModule,
  ];
  return { module: AppModule, imports: [platform, ...features] };
};
