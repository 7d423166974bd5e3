import { AppError } from '@emporium/errors';
import { testDatabase } from '@emporium/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { anOrder, orderProcess } from '../../test/order-process.ts';
import { migrations } from '../migrations.ts';
import type { Order } from './order.ts';

describe('the life of an order', () => {
  const db = testDatabase('order_service', { migrations, jobs: true });
  const process = orderProcess(db);
  const { orders, payments, saga, service } = process;
  const refund = { amount: { amount: 100, currency: 'EUR' }, reason: 'a scratch' };

  beforeEach(() => process.allGoesWell());

  async function confirmed(): Promise<Order> {
    const order = anOrder();
    await db.transaction((tx) => orders.insert(tx, order));
    return saga.advance(order);
  }

  it('goes on for one of twenty who ship it at once; the others are told where it is', async () => {
    const { id } = await confirmed();

    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => service.ship(id)));

    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(19);
    for (const { reason } of refused) expect(reason.message).toBe(`Order ${id} is shipped and cannot become shipped.`);
  });

  it('is refused by what it has become since it was read', async () => {
    const order = await confirmed();
    await db.transaction((tx) => service.cancel(tx, order.userId, order.id));
    vi.spyOn(orders, 'findById').mockResolvedValueOnce(order);

    await expect(service.ship(order.id)).rejects.toThrow(`Order ${order.id} is cancelled and cannot become shipped.`);
  });

  it('has one refund per key, whatever the case of its id', async () => {
    const order = await confirmed();
    payments.refund.mockResolvedValue('succeeded');

    const [first, again] = [
      await service.refund(order.id, 'k', refund),
      await service.refund(order.id.toUpperCase(), 'k', refund),
    ];
    const other = await service.refund(order.id, 'k2', refund);

    expect(again).toEqual(first);
    expect(first).toMatchObject({ orderId: order.id, status: 'succeeded', ...refund });
    expect(first.id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(other.id).not.toBe(first.id);
  });

  it('has no refund before it is paid, and tells what the payment service says', async () => {
    const pending = anOrder();
    await db.transaction((tx) => orders.insert(tx, pending));
    const tooMuch = new AppError('conflict', 'refund-exceeds-charge', 'No.');
    payments.refund.mockRejectedValue(tooMuch);

    await expect(service.refund(pending.id, 'k', refund)).rejects.toMatchObject({ code: 'order-not-refundable' });
    expect(payments.refund).not.toHaveBeenCalled();
    await expect(service.refund((await confirmed()).id, 'k', refund)).rejects.toBe(tooMuch);
  });
});
