import { paymentSettled } from '@emporium/contracts/payment';
import { on } from '@emporium/events';
import { Jobs } from '@emporium/jobs';
import type { Transaction } from '@emporium/postgres';
import type { EventHandlers } from '@emporium/service-defaults';
import { Inject, Injectable } from '@nestjs/common';
import { OrderService } from '../orders/order.service.ts';
import { addAdvance } from './checkout.jobs.ts';
import { CHECKOUT_SETTINGS, type CheckoutSettings } from './checkout.settings.ts';

/** A request that still waits for its order usually finishes it within this time; only then is the job worth its while. */
const headStartMs = 1_000;

@Injectable()
export class CheckoutConsumer implements EventHandlers {
  constructor(
    private readonly orders: OrderService,
    private readonly jobs: Jobs,
    @Inject(CHECKOUT_SETTINGS) private readonly settings: Pick<CheckoutSettings, 'patienceMs'>,
  ) {}

  readonly handlers = [
    on(
      paymentSettled,
      (tx, { orderId }) => this.hurry(tx, [orderId]),
      (tx, payments) =>
        this.hurry(
          tx,
          payments.map(({ orderId }) => orderId),
        ),
    ),
  ];

  /** Most orders are finished by the time the news comes: a job for them would cost more than all the rest of the news. */
  private async hurry(tx: Transaction, orderIds: readonly string[]): Promise<void> {
    for (const { id, createdAt } of await this.orders.pendingAmong(tx, orderIds)) {
      const hasRequest = Date.now() - createdAt.getTime() < this.settings.patienceMs;
      await addAdvance(this.jobs, tx, id, { delayMs: hasRequest ? headStartMs : 0 });
    }
  }
}
