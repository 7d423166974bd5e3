import { createHash } from 'node:crypto';
import { orderCancelled } from '@emporium/contracts/order';
import { Outbox } from '@emporium/events';
import type { Money } from '@emporium/money';
import { Postgres, type Transaction } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
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

/** The life of an order after its purchase. */
@Injectable()
export class OrderService {
  constructor(
    private readonly postgres: Postgres,
    private readonly orders: OrderRepository,
    private readonly payments: PaymentClient,
    private readonly outbox: Outbox,
  ) {}

  /** Someone else's order answers like a missing one, so ids cannot be probed. */
  async get(userId: string, id: string): Promise<Order> {
    const order = await this.orders.findById(this.postgres, id);
    if (order?.userId !== userId) throw orderNotFound(id);
    return order;
  }

  async getAny(id: string): Promise<Order> {
    const order = await this.orders.findById(this.postgres, id);
    if (order === undefined) throw orderNotFound(id);
    return order;
  }

  listOfUser(userId: string, limit: number, after?: OrderPosition): Promise<Order[]> {
    return this.orders.listOfUser(this.postgres, userId, limit, after);
  }

  listAll(limit: number, status?: OrderStatus, after?: OrderPosition): Promise<Order[]> {
    return this.orders.listAll(this.postgres, limit, status, after);
  }

  /** Cancelled at once; the transaction leaves a job that puts the units back and refunds in full. */
  async cancel(userId: string, id: string, undo: (tx: Transaction) => Promise<void>): Promise<Order> {
    const order = await this.get(userId, id);
    return this.move(order, { to: 'cancelled', cause: 'cancelled_by_customer' }, async (tx, cancelled) => {
      await undo(tx);
      await this.outbox.add(tx, orderCancelled, id, {
        orderId: id,
        userId,
        items: cancelled.lines.map(({ productId, quantity }) => ({ productId, quantity })),
        total: cancelled.total,
        cancelledAt: cancelled.updatedAt.toISOString(),
      });
    });
  }

  async ship(id: string): Promise<Order> {
    return this.move(await this.getAny(id), { to: 'shipped', cause: 'shipped' });
  }

  async deliver(id: string): Promise<Order> {
    return this.move(await this.getAny(id), { to: 'delivered', cause: 'delivered' });
  }

  /** A refund alone: the units stay sold. The key makes the refund's id, so a repetition is the same refund. */
  async refund(id: string, key: string, wanted: { amount: Money; reason: string }): Promise<Refund> {
    const order = await this.getAny(id);
    if (!['confirmed', 'shipped', 'delivered', 'cancelled'].includes(order.status)) throw orderNotRefundable(id, order.status);
    const refundId = nameUuid(`${id}:${key}`);
    const status = await this.payments.refund(id, { refundId, ...wanted });
    return { id: refundId, orderId: id, ...wanted, status };
  }

  private async move(
    order: Order,
    change: { to: OrderStatus; cause: string },
    also?: (tx: Transaction, moved: Order) => Promise<void>,
  ): Promise<Order> {
    const moved = become(order, { ...change, at: new Date() });
    await this.postgres.transaction(async (tx) => {
      if (!(await this.orders.change(tx, moved))) throw orderCannotBecome(order.id, 'already changed', change.to);
      await also?.(tx, moved);
    });
    orderMetrics.changed(moved.status, change.cause);
    return moved;
  }
}

/** A UUID made of a name (RFC 9562, version 8): the same name gives the same id. */
function nameUuid(name: string): string {
  const bytes = createHash('sha256').update(name).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
