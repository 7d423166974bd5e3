import { createHash } from 'node:crypto';
import { orderCancelled, orderConfirmed } from '@emporium/contracts/order';
import { Outbox } from '@emporium/events';
import type { Money } from '@emporium/money';
import { Postgres, type Queryable, Replica, type Sql, type Transaction } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import { withinPatience } from '../checkout/patience.ts';
import { PaymentClient } from '../payments/payment.client.ts';
import { orderCannotBecome, orderNotFound, orderNotRefundable } from './order.errors.ts';
import { orderMetrics } from './order.metrics.ts';
import { type OrderPosition, OrderRepository } from './order.repository.ts';
import { become, type Order, type OrderStatus } from './order.ts';

interface Refund {
  readonly id: string;
  readonly orderId: string;
  readonly amount: Money;
  readonly reason: string;
  readonly status: 'pending' | 'succeeded' | 'failed';
}

/** Half a second less than a request may take. What the payment service has set aside by then it gives back by itself. */
const refundPatienceMs = 2_500;

interface Move {
  readonly to: OrderStatus;
  readonly cause: string;
}

/** The life of an order. How it is bought is told in `checkout/`. */
@Injectable()
export class OrderService {
  constructor(
    private readonly postgres: Postgres,
    private readonly orders: OrderRepository,
    private readonly payments: PaymentClient,
    private readonly outbox: Outbox,
    private readonly replica: Replica,
  ) {}

  /** Stores the order with the key it is bought under, both or none; false when the key is taken. A cart is emptied in the same transaction. */
  place(db: Postgres | Transaction, order: Order, terms?: { claim: Sql; recoverAfterMs: number }): Promise<boolean> {
    return this.orders.insert(db, order, terms);
  }

  /** Orders that nobody finished in time; part of the transaction that gives each a job. */
  takeOverdue(tx: Transaction, limit: number): Promise<string[]> {
    return this.orders.takeOverdue(tx, limit);
  }

  /** Whether this caller ended the purchase; false when somebody else had. */
  conclude(tx: Transaction, order: Order): Promise<boolean> {
    return this.orders.change(tx, order);
  }

  /** The usual end in one statement: the order, its event, and the answer of the request that waits for it, if one does. */
  confirm(order: Order, answer?: (row: Sql) => Sql): Promise<{ moved: boolean; kept: boolean }> {
    const event = (row: Sql) => this.outbox.insertion(orderConfirmed, order.id, saleOf(order), row);
    return this.orders.end(this.postgres, order, { event, ...(answer && { answer }) });
  }

  find(id: string, db: Queryable = this.postgres): Promise<Order | undefined> {
    return this.orders.findById(db, id);
  }

  /** Which of these orders are not finished. */
  pendingAmong(db: Queryable, ids: readonly string[]): Promise<Pick<Order, 'id' | 'createdAt'>[]> {
    return this.orders.pendingAmong(db, ids);
  }

  /** Someone else's order answers like a missing one, so ids cannot be probed. */
  async get(userId: string, id: string, db: Queryable = this.postgres): Promise<Order> {
    const order = await this.orders.findById(db, id);
    if (order?.userId !== userId) throw orderNotFound(id);
    return order;
  }

  async getAny(id: string, db: Queryable = this.postgres): Promise<Order> {
    const order = await this.orders.findById(db, id);
    if (order === undefined) throw orderNotFound(id);
    return order;
  }

  listOfUser(userId: string, limit: number, after?: OrderPosition): Promise<Order[]> {
    return this.orders.listOfUser(this.postgres, userId, limit, after);
  }

  /** For staff to look through; it may be a little old. What is done to an order begins with `getAny`. */
  listAll(limit: number, status?: OrderStatus, after?: OrderPosition): Promise<Order[]> {
    return this.orders.listAll(this.replica, limit, status, after);
  }

  /** Part of the transaction that also leaves the job which puts the units back and refunds in full. */
  async cancel(tx: Transaction, userId: string, id: string): Promise<Order> {
    const cancelled = await this.move(tx, await this.get(userId, id, tx), { to: 'cancelled', cause: 'cancelled_by_customer' });
    await this.outbox.add(tx, orderCancelled, cancelled.id, {
      orderId: cancelled.id,
      userId,
      items: cancelled.lines.map(({ productId, quantity }) => ({ productId, quantity })),
      total: cancelled.total,
      cancelledAt: cancelled.updatedAt.toISOString(),
    });
    return cancelled;
  }

  ship(id: string): Promise<Order> {
    return this.moveAlone(id, { to: 'shipped', cause: 'shipped' });
  }

  deliver(id: string): Promise<Order> {
    return this.moveAlone(id, { to: 'delivered', cause: 'delivered' });
  }

  /**
   * A refund alone: the units stay sold. The key makes the refund's id, so a repetition is the same refund. `pending`: it is on its way,
   * and the provider has not said yet that it took it.
   */
  async refund(id: string, key: string, wanted: { amount: Money; reason: string }): Promise<Refund> {
    const order = await this.getAny(id);
    if (!['confirmed', 'shipped', 'delivered', 'cancelled'].includes(order.status)) throw orderNotRefundable(id, order.status);
    const refundId = nameUuid(`${order.id}:${key}`);
    const status = await withinPatience(refundPatienceMs, () => this.payments.refund(order.id, { refundId, ...wanted }));
    return { id: refundId, orderId: order.id, ...wanted, status };
  }

  /** Said once the change is committed: a transaction that is tried again would count twice. */
  counted(order: Order): Order {
    orderMetrics.changed(order.status, order.history.at(-1)?.cause ?? order.status);
    return order;
  }

  private async moveAlone(id: string, change: Move): Promise<Order> {
    return this.counted(await this.postgres.transaction(async (tx) => this.move(tx, await this.getAny(id, tx), change)));
  }

  private async move(tx: Transaction, order: Order, change: Move): Promise<Order> {
    const moved = become(order, { ...change, at: new Date() });
    if (await this.orders.change(tx, moved)) return moved;
    // Somebody was quicker; the refusal names where the order is now.
    const { status } = await this.getAny(order.id, tx);
    throw orderCannotBecome(order.id, status, change.to);
  }
}

const saleOf = ({ id, userId, lines, total, updatedAt }: Order) => ({
  orderId: id,
  userId,
  items: lines.map(({ productId, quantity }) => ({ productId, quantity })),
  total,
  confirmedAt: updatedAt.toISOString(),
});

/** A UUID made of a name (RFC 9562, version 8): the same name gives the same id. */
function nameUuid(name: string): string {
  const bytes = createHash('sha256').update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
