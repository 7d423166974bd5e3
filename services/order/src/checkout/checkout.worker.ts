import { Jobs, type Task } from '@emporium/jobs';
import { Postgres } from '@emporium/postgres';
import { type JobTasks, LOGGER } from '@emporium/service-defaults';
import type { Logger } from '@emporium/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { OrderService } from '../orders/order.service.ts';
import type { Order } from '../orders/order.ts';
import {
  addAdvance,
  addAdvanceAgain,
  addCompensation,
  advanceOrder,
  compensateOrder,
  orderJob,
  retryDelayMs,
} from './checkout.jobs.ts';
import { OrderSaga } from './order.saga.ts';

const overdueBatch = 50;

/** Finishes what requests had to leave: purchases that wait, and what rejected or cancelled orders still hold. */
@Injectable()
export class CheckoutWorker implements JobTasks {
  constructor(
    private readonly postgres: Postgres,
    private readonly orders: OrderService,
    private readonly saga: OrderSaga,
    private readonly jobs: Jobs,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  readonly tasks: Record<string, Task> = {
    [advanceOrder]: (payload) => this.advance(orderJob.parse(payload)),
    [compensateOrder]: (payload) => this.compensate(orderJob.parse(payload)),
  };

  /** A purchase needs a job only if its request did not finish it: one in many thousands. */
  readonly sweeps = { 'recover-orders': () => this.recover() };

  private async recover(): Promise<void> {
    for (let taken = overdueBatch; taken === overdueBatch; ) {
      taken = await this.postgres.transaction(async (tx) => {
        const orderIds = await this.orders.takeOverdue(tx, overdueBatch);
        for (const orderId of orderIds) await addAdvance(this.jobs, tx, orderId, { delayMs: 0 });
        return orderIds.length;
      });
    }
  }

  private async advance({ orderId, attempt }: { orderId: string; attempt: number }): Promise<void> {
    const order = await this.saga.advance(await this.load(orderId));
    if (order.status !== 'pending') return;
    await addAdvanceAgain(this.jobs, this.postgres, { orderId, attempt });
  }

  private async compensate({ orderId, attempt }: { orderId: string; attempt: number }): Promise<void> {
    try {
      await this.saga.compensate(await this.load(orderId));
    } catch (error) {
      this.logger.warn('an order could not be undone yet', { orderId, attempt, error });
      await addCompensation(this.jobs, this.postgres, orderId, { delayMs: retryDelayMs(attempt), attempt: attempt + 1 });
    }
  }

  private async load(orderId: string): Promise<Order> {
    const order = await this.orders.find(orderId);
    if (order === undefined) throw new Error(`A job names order ${orderId}, which does not exist.`);
    return order;
  }
}
