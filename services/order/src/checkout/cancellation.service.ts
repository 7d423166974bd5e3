import { Jobs } from '@emporium/jobs';
import { Postgres } from '@emporium/postgres';
import { LOGGER } from '@emporium/service-defaults';
import type { Logger } from '@emporium/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { OrderService } from '../orders/order.service.ts';
import type { Order } from '../orders/order.ts';
import { addCompensation, removeCompensation } from './checkout.jobs.ts';
import { OrderSaga } from './order.saga.ts';

/** The purchase backwards: the units return to the shelf and the money to the customer. */
@Injectable()
export class CancellationService {
  constructor(
    private readonly postgres: Postgres,
    private readonly orders: OrderService,
    private readonly saga: OrderSaga,
    private readonly jobs: Jobs,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  async cancel(userId: string, id: string): Promise<Order> {
    const order = await this.orders.cancel(userId, id, (tx) => addCompensation(this.jobs, tx, id, { delayMs: headStartMs }));
    await this.undoAtOnce(order);
    return order;
  }

  /** Most customers see their refund with the answer; for the rest the job is already there. */
  private async undoAtOnce(order: Order): Promise<void> {
    try {
      await this.saga.compensate(order);
      await removeCompensation(this.jobs, this.postgres, order.id);
    } catch (error) {
      this.logger.warn('a cancelled order is undone later', { orderId: order.id, error });
    }
  }
}

/** The job waits for the request that cancelled: longer than two calls of 3 s each would leave the customer waiting. */
const headStartMs = 3_000;
