import { orderRejected } from '@emporium/contracts/order';
import { AppError } from '@emporium/errors';
import { Outbox } from '@emporium/events';
import { Jobs } from '@emporium/jobs';
import { Postgres, type Sql, type Transaction } from '@emporium/postgres';
import { LOGGER } from '@emporium/service-defaults';
import { type Logger, regardlessOfDeadline } from '@emporium/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import { CartService } from '../carts/cart.service.ts';
import { orderMetrics } from '../orders/order.metrics.ts';
import { OrderService } from '../orders/order.service.ts';
import { become, type Order, type RejectReason } from '../orders/order.ts';
import { PaymentClient } from '../payments/payment.client.ts';
import { ProductClient } from '../products/product.client.ts';
import { addCompensation, headStartMs, removeCompensation } from './checkout.jobs.ts';

/** What the request that waits for an order tells its client. */
export interface AnswerToKeep {
  /** A part of the statement that makes the sale: writes the answer if `source` has a row, and then has one itself. */
  readonly of: (order: Order, source: Sql) => Sql;
  /** Said when it was kept. */
  readonly kept: () => void;
}

/**
 * Where the purchase goes from here. What a rejected order may still hold: nothing; units, which this process releases before
 * it answers; or units and money, which a job undoes.
 */
type Verdict = { to: 'confirmed' } | Rejection | { to: 'wait' };

interface Rejection {
  readonly to: 'rejected';
  readonly reason: RejectReason;
  readonly holds: 'nothing' | 'units' | 'all';
}

/**
 * The purchase: reserve stock, charge, commit stock, confirm. Every step may be repeated by anyone at any time, so no process
 * owns an order: the request runs the saga at once, a job runs it again when the process died or a step has to wait.
 */
@Injectable()
export class OrderSaga {
  constructor(
    private readonly postgres: Postgres,
    private readonly orders: OrderService,
    private readonly carts: CartService,
    private readonly products: ProductClient,
    private readonly payments: PaymentClient,
    private readonly jobs: Jobs,
    private readonly outbox: Outbox,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /**
   * Takes the order as far as it goes now and returns it; still `pending` when a step has to wait. `answer` is kept with the sale, if this
   * call makes it.
   */
  async advance(order: Order, answer?: AnswerToKeep): Promise<Order> {
    if (order.status !== 'pending') return order;
    const verdict = await this.decide(order);
    if (verdict.to === 'wait') return order;
    const concluded = await this.conclude(order, verdict, answer);
    if (verdict.to === 'rejected' && verdict.holds === 'units') await this.releaseAtOnce(order.id);
    return concluded;
  }

  /** Undoes what an order that ended without a sale, or was cancelled, may still hold. Done when it returns. */
  async compensate(order: Order): Promise<void> {
    // Side by side: the money does not wait for a product service that is away, nor the units for the payment service.
    const undone = await Promise.allSettled([
      order.status === 'cancelled' ? this.products.putBack(order.id) : this.releaseOrPutBack(order.id),
      this.payments.cancel(order.id, order.rejectReason ?? order.status),
    ]);
    for (const step of undone) if (step.status === 'rejected') throw step.reason;
  }

  private async decide(order: Order): Promise<Verdict> {
    if (order.deadlineAt <= new Date()) return { to: 'rejected', reason: 'deadline', holds: 'all' };
    try {
      return (await this.reserve(order)) ?? (await this.charge(order)) ?? (await this.commit(order)) ?? { to: 'confirmed' };
    } catch (error) {
      const foreseen = error instanceof AppError && ['unavailable', 'timeout', 'too-many-requests'].includes(error.kind);
      // A step that fails for another reason is a bug; the deadline still ends the order, and the log says why.
      this.logger.log(foreseen ? 'warn' : 'error', 'a step of the purchase has to wait', { orderId: order.id, error });
      return { to: 'wait' };
    }
  }

  private async reserve(order: Order): Promise<Verdict | undefined> {
    try {
      await this.products.reserve(order.id, order.lines);
      return undefined;
    } catch (error) {
      // A refused reservation leaves a tombstone for this order id, so no later repetition can reserve, nor charge.
      if (isRefusal(error, 'out-of-stock')) return { to: 'rejected', reason: 'out_of_stock', holds: 'nothing' };
      if (isRefusal(error, 'invalid-request')) return { to: 'rejected', reason: 'out_of_stock', holds: 'all' };
      if (isLost(error)) return { to: 'rejected', reason: 'stock_lost', holds: 'all' };
      throw error;
    }
  }

  private async charge(order: Order): Promise<Verdict | undefined> {
    const { userId, total: amount, paymentMethod } = order;
    try {
      if ((await this.payments.charge(order.id, { userId, amount, paymentMethod })) === 'succeeded') return undefined;
    } catch (error) {
      if (isRefusal(error, 'payment-cancelled')) return { to: 'rejected', reason: 'payment_cancelled', holds: 'all' };
      throw error;
    }
    // The units go back after the order says why: a repetition that found them gone would call the order out of stock.
    return { to: 'rejected', reason: 'payment_declined', holds: 'units' };
  }

  private async commit(order: Order): Promise<Verdict | undefined> {
    try {
      await this.products.commit(order.id);
      return undefined;
    } catch (error) {
      // The money came after the reservation had expired: it goes back, the order is never paid without stock.
      if (isLost(error)) return { to: 'rejected', reason: 'stock_lost', holds: 'all' };
      throw error;
    }
  }

  private async conclude(order: Order, verdict: Exclude<Verdict, { to: 'wait' }>, answer?: AnswerToKeep): Promise<Order> {
    const rejectReason = verdict.to === 'rejected' ? verdict.reason : undefined;
    const concluded = become(order, { to: verdict.to, cause: rejectReason ?? 'paid', at: new Date(), rejectReason });

    const won = await regardlessOfDeadline(() =>
      verdict.to === 'confirmed' ? this.confirm(concluded, answer) : this.reject(concluded, verdict),
    );
    if (!won) return (await this.orders.find(order.id)) ?? order;

    orderMetrics.changed(concluded.status, rejectReason ?? 'paid');
    if (concluded.status === 'confirmed') orderMetrics.revenue(concluded.total.currency, concluded.total.amount);
    this.logger.info('order concluded', { orderId: order.id, status: concluded.status, reason: rejectReason });
    return concluded;
  }

  private async confirm(order: Order, answer: AnswerToKeep | undefined): Promise<boolean> {
    const { moved, kept } = await this.orders.confirm(order, answer && ((source) => answer.of(order, source)));
    if (kept) answer?.kept();
    return moved;
  }

  private reject(order: Order, verdict: Rejection): Promise<boolean> {
    return this.postgres.transaction(async (tx) => {
      if (!(await this.orders.conclude(tx, order))) return false;
      await this.announceRejection(tx, order, verdict);
      return true;
    });
  }

  private async announceRejection(tx: Transaction, order: Order, { reason, holds }: Rejection): Promise<void> {
    if (order.fromCart) await this.carts.restore(tx, order.userId, order.lines);
    if (holds !== 'nothing') {
      await addCompensation(this.jobs, tx, order.id, { delayMs: holds === 'units' ? headStartMs : 0 });
    }
    await this.outbox.add(tx, orderRejected, order.id, { orderId: order.id, userId: order.userId, reason });
  }

  /** A declined charge is final, so the units can go back before the answer does; if that fails a job does it. */
  private async releaseAtOnce(orderId: string): Promise<void> {
    try {
      await this.products.release(orderId);
      await regardlessOfDeadline(() => removeCompensation(this.jobs, this.postgres, orderId));
    } catch (error) {
      this.logger.warn('stock of a declined order is released later', { orderId, error });
    }
  }

  private async releaseOrPutBack(orderId: string): Promise<void> {
    try {
      await this.products.release(orderId);
    } catch (error) {
      // Another executor had committed the stock before the order was rejected.
      if (!isRefusal(error, 'reservation-committed')) throw error;
      await this.products.putBack(orderId);
    }
  }
}

/** Expired, or undone by another executor. */
const isLost = (error: unknown) => isRefusal(error, 'reservation-released') || isRefusal(error, 'reservation-returned');

const isRefusal = (error: unknown, code: string): boolean => error instanceof AppError && error.code === code;
