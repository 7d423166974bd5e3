import { CONFIG } from '@emporium/service-defaults';
import { Module } from '@nestjs/common';
import { CartModule } from '../carts/cart.module.ts';
import type { OrderConfig } from '../config.ts';
import { OrderModule } from '../orders/order.module.ts';
import { PaymentModule } from '../payments/payment.module.ts';
import { ProductModule } from '../products/product.module.ts';
import { CancellationService } from './cancellation.service.ts';
import { CheckoutConsumer } from './checkout.consumer.ts';
import { CheckoutController } from './checkout.controller.ts';
import { CheckoutService } from './checkout.service.ts';
import { CHECKOUT_SETTINGS, type CheckoutSettings } from './checkout.settings.ts';
import { CheckoutWorker } from './checkout.worker.ts';
import { OrderSaga } from './order.saga.ts';

const settings = {
  provide: CHECKOUT_SETTINGS,
  useFactory: (config: OrderConfig): CheckoutSettings => ({
    patienceMs: config.checkoutPatienceMs,
    orderDeadlineMs: config.orderDeadlineMs,
    recoveryDelayMs: config.checkoutRecoveryDelayMs,
    keyLeaseMs: config.checkoutKeyLeaseMs,
    concurrency: config.checkoutConcurrency,
    maxWaiting: config.checkoutMaxWaiting,
    lineMs: config.checkoutLineMs,
  }),
  inject: [CONFIG],
};

@Module({
  imports: [ProductModule, PaymentModule, CartModule, OrderModule],
  controllers: [CheckoutController],
  providers: [settings, OrderSaga, CheckoutService, CancellationService, CheckoutWorker, CheckoutConsumer],
})
export class CheckoutModule {}
