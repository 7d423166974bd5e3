import { PlatformModule, type PlatformOptions } from '@emporium/service-defaults';
import { type DynamicModule, Module } from '@nestjs/common';
import { CartModule } from './carts/cart.module.ts';
import { CheckoutConsumer } from './checkout/checkout.consumer.ts';
import { CheckoutModule } from './checkout/checkout.module.ts';
import { CheckoutWorker } from './checkout/checkout.worker.ts';
import type { OrderConfig } from './config.ts';
import { OrderModule } from './orders/order.module.ts';
import { PaymentModule } from './payments/payment.module.ts';
import { ProductModule } from './products/product.module.ts';
import { ReconciliationModule } from './reconciliation/reconciliation.module.ts';
import { ReconciliationTasks } from './reconciliation/reconciliation.tasks.ts';
import { orderSettings } from './settings.ts';

@Module({})
class AppModule {}

/** The whole service. `overrides` is for specs, which bring their own keys. */
export const appModule = (config: OrderConfig, overrides: Partial<PlatformOptions> = {}): DynamicModule => {
  const background = { jobs: [CheckoutWorker, ReconciliationTasks], consumers: [CheckoutConsumer] };
  const settings = orderSettings(config);
  const platform = PlatformModule.with(config, {
    name: 'order',
    postgres: true,
    redis: true,
    settings,
    ...background,
    ...overrides,
  });
  const features = [ProductModule, PaymentModule, CartModule, OrderModule, CheckoutModule, ReconciliationModule];
  return { module: AppModule, imports: [platform, ...features] };
};
