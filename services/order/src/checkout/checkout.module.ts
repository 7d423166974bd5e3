import { CONFIG, SETTINGS } from '@emporium/service-defaults';
import type { Settings } from '@emporium/settings';
import { Module } from '@nestjs/common';
import { CartModule } from '../carts/cart.module.ts';
import type { OrderConfig } from '../config.ts';
import { OrderModule } from '../orders/order.module.ts';
import { PaymentModule } from '../payments/payment.module.ts';
import { ProductModule } from '../products/product.module.ts';
import type { OrderSettings } from '../settings.ts';
import { CancellationService } from './cancellation.service.ts';
import { CheckoutConsumer } from './checkout.consumer.ts';
import { CheckoutController } from './checkout.controller.ts';
import { CheckoutService } from './checkout.service.ts';
import { CHECKOUT_SETTINGS, type CheckoutSettings } from './checkout.settings.ts';
import { CheckoutWorker } from './checkout.worker.ts';
import { OrderSaga } from './order.saga.ts';

/** What is asked for at every purchase is read from the settings of now. */
const checkoutSettings = (config: OrderConfig, settings: Settings<OrderSettings>): CheckoutSettings => ({
  orderDeadlineMs: config.orderDeadlineMs,
  recoveryDelayMs: config.checkoutRecoveryDelayMs,
  keyLeaseMs: config.checkoutKeyLeaseMs,
  get patienceMs() {
    return settings.current.checkout.patienceMs;
  },
  get concurrency() {
    return settings.current.checkout.concurrency;
  },
  get maxWaiting() {
    return settings.current.checkout.maxWaiting;
  },
  get lineMs() {
    return settings.current.checkout.lineMs;
  },
});

@Module({
  imports: [ProductModule, PaymentModule, CartModule, OrderModule],
  controllers: [CheckoutController],
  providers: [
    { provide: CHECKOUT_SETTINGS, useFactory: checkoutSettings, inject: [CONFIG, SETTINGS] },
    OrderSaga,
    CheckoutService,
    CancellationService,
    CheckoutWorker,
    CheckoutConsumer,
  ],
})
export class CheckoutModule {}
