import { randomUUID } from 'node:crypto';
import { AppError } from '@emporium/errors';
import { testDatabase } from '@emporium/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { anOrder, waitingJobs as jobsOf, orderProcess } from '../../test/order-process.ts';
import { migrations } from '../migrations.ts';
import { become, type Order } from '../orders/order.ts';

const conflict = (code: string) => new AppError('conflict', code, 'No.');
const unavailable = () => new AppError('unavailable', 'payment-unavailable', 'Not now.');

describe('the purchase saga', () => {
  const db = testDatabase('order_saga', { migrations, jobs: true });
  const process = orderProcess(db);
  const { orders, products, payments, carts, saga, worker } = process;
  const waitingJobs = (order: Order) => jobsOf(db, order.id);

  beforeEach(() => process.allGoesWell());

  async function placed(changes: Parameters<typeof anOrder>[0] = {}): Promise<Order> {
    const order = anOrder(changes);
    await orders.insert(db, order);
    return order;
  }

  it('reserves, charges, commits, confirms, and announces the sale in the same transaction', async () => {
    const order = await placed();

    const confirmed = await saga.advance(order);

    expect(confirmed).toMatchObject({ status: 'confirmed', version: 2 });
    expect(await orders.findById(db, order.id)).toMatchObject({
      status: 'confirmed',
      history: [{ cause: 'placed' }, { cause: 'paid' }],
    });
    const [reserved, charged, committed] = [products.reserve, payments.charge, products.commit].map(
      (step) => step.mock.invocationCallOrder[0] ?? 0,
    );
    expect(reserved).toBeLessThan(charged ?? 0);
    expect(charged).toBeLessThan(committed ?? 0);
    expect(await waitingJobs(order)).toEqual(['publish-event']);
  });

  it('confirms once when ten executors race, and says so once', async () => {
    const order = await placed();

    const results = await Promise.all(Array.from({ length: 10 }, () => saga.advance(order)));

    expect(new Set(results.map(({ status }) => status))).toEqual(new Set(['confirmed']));
    expect((await orders.findById(db, order.id))?.history).toHaveLength(2);
    expect(await waitingJobs(order)).toEqual(['publish-event']);
  });

  it('rejects what is out of stock without charging and leaves nothing to undo', async () => {
    products.reserve.mockRejectedValue(conflict('out-of-stock'));
    const order = await placed();

    expect(await saga.advance(order)).toMatchObject({ status: 'rejected', rejectReason: 'out_of_stock' });
    expect(payments.charge).not.toHaveBeenCalled();
    expect(await waitingJobs(order)).toEqual(['publish-event']);
  });

  it.each([
    ['reserve', 'reservation-released', 'stock_lost'],
    ['reserve', 'reservation-returned', 'stock_lost'],
    ['reserve', 'invalid-request', 'out_of_stock'],
    ['charge', 'payment-cancelled', 'payment_cancelled'],
    ['commit', 'reservation-released', 'stock_lost'],
    ['commit', 'reservation-returned', 'stock_lost'],
  ] as const)('rejects an order whose %s is answered %s and leaves a job that undoes it', async (step, code, rejectReason) => {
    const refused = conflict(code);
    if (step === 'charge') payments.charge.mockRejectedValue(refused);
    else products[step].mockRejectedValue(refused);
    const order = await placed();

    expect(await saga.advance(order)).toMatchObject({ status: 'rejected', rejectReason });
    expect(await waitingJobs(order)).toEqual(['compensate-order', 'publish-event']);
  });

  it('releases the stock of a declined charge before it answers', async () => {
    payments.charge.mockResolvedValue('declined');
    const order = await placed();

    expect(await saga.advance(order)).toMatchObject({ status: 'rejected', rejectReason: 'payment_declined' });
    expect(products.release).toHaveBeenCalledWith(order.id);
    expect(await waitingJobs(order)).toEqual(['publish-event']);
  });

  it('leaves the release of a declined charge to a job when the product service is away', async () => {
    payments.charge.mockResolvedValue('declined');
    products.release.mockRejectedValue(unavailable());
    const order = await placed();

    expect(await saga.advance(order)).toMatchObject({ status: 'rejected' });
    expect(await waitingJobs(order)).toEqual(['compensate-order', 'publish-event']);
  });

  it('says why before it gives the units back, so that nobody finds them gone and calls the order out of stock', async () => {
    payments.charge.mockResolvedValue('declined');
    const order = await placed();
    products.release.mockImplementation(async () => {
      expect(await orders.findById(db, order.id)).toMatchObject({ rejectReason: 'payment_declined' });
      expect(await waitingJobs(order)).toEqual(['compensate-order', 'publish-event']);
    });

    expect(await saga.advance(order)).toMatchObject({ rejectReason: 'payment_declined' });
    expect(products.release).toHaveBeenCalledTimes(1);
    expect(await waitingJobs(order)).toEqual(['publish-event']);
  });

  it('goes on with an order that somebody else has finished', async () => {
    const order = await placed();
    const confirmed = await saga.advance(order);

    expect(await saga.advance(confirmed)).toBe(confirmed);
    products.commit.mockRejectedValue(conflict('reservation-returned'));
    expect(await saga.advance(order)).toMatchObject({ status: 'confirmed' });
  });

  it.each(['reserve', 'commit'] as const)('keeps an order pending whose %s fails for no good reason', async (step) => {
    products[step].mockRejectedValueOnce(unavailable());
    const order = await placed();

    expect(await saga.advance(order)).toMatchObject({ status: 'pending' });
    expect(await saga.advance(order)).toMatchObject({ status: 'confirmed' });
  });

  it.each([unavailable(), new AppError('timeout', 'payment-timeout', 'Late.'), new Error('a bug')])(
    'keeps an order pending whose charge fails with %s, and its job tries again',
    async (error) => {
      payments.charge.mockRejectedValue(error);
      const order = await placed();

      expect(await saga.advance(order)).toMatchObject({ status: 'pending' });
      await worker.tasks['advance-order']?.({ orderId: order.id, attempt: 0 }, {} as never);
      expect(await waitingJobs(order)).toEqual(['advance-order']);

      payments.charge.mockResolvedValue('succeeded');
      await worker.tasks['advance-order']?.({ orderId: order.id, attempt: 1 }, {} as never);
      expect(await orders.findById(db, order.id)).toMatchObject({ status: 'confirmed' });
    },
  );

  it('ends an order at its deadline, whatever its dependencies do', async () => {
    const order = await placed({ deadlineAt: new Date(Date.now() - 1) });

    expect(await saga.advance(order)).toMatchObject({ status: 'rejected', rejectReason: 'deadline' });
    expect(products.reserve).not.toHaveBeenCalled();
    expect(await waitingJobs(order)).toEqual(['compensate-order', 'publish-event']);
  });

  it('gives the cart back when its purchase is rejected, beside what was put in since', async () => {
    const order = await placed({ fromCart: true });
    const fresh = { productId: randomUUID(), quantity: 1 };
    products.reserve.mockImplementation(async () => {
      await carts.put(order.userId, fresh);
      throw conflict('out-of-stock');
    });

    await saga.advance(order);

    expect(await carts.itemsOf(order.userId)).toEqual([fresh, { productId: order.lines[0]?.productId, quantity: 2 }]);
  });

  it('gives back no more of a cart than there is room for', async () => {
    const order = await placed({ fromCart: true });
    products.reserve.mockImplementation(async () => {
      for (let count = 0; count < 50; count += 1) await carts.put(order.userId, { productId: randomUUID(), quantity: 1 });
      throw conflict('out-of-stock');
    });

    await saga.advance(order);

    expect(await carts.itemsOf(order.userId)).toHaveLength(50);
  });

  it('undoes a rejected order: releases, or puts back what another executor had committed, and keeps no money', async () => {
    products.release.mockRejectedValue(conflict('reservation-committed'));
    const order = become(await placed(), { to: 'rejected', cause: 'deadline', at: new Date(), rejectReason: 'deadline' });

    await saga.compensate(order);

    expect(products.putBack).toHaveBeenCalledWith(order.id);
    expect(payments.cancel).toHaveBeenCalledWith(order.id, 'deadline');
  });

  it('tries to undo a cancelled order until it works', async () => {
    const order = await placed();
    const cancelled = become(await saga.advance(order), { to: 'cancelled', cause: 'cancelled_by_customer', at: new Date() });
    await db.transaction((tx) => orders.change(tx, cancelled));
    payments.cancel.mockRejectedValueOnce(unavailable());

    await worker.tasks['compensate-order']?.({ orderId: order.id, attempt: 0 }, {} as never);
    expect(await waitingJobs(order)).toContain('compensate-order');
    await worker.tasks['compensate-order']?.({ orderId: order.id, attempt: 1 }, {} as never);

    expect(products.putBack).toHaveBeenCalledTimes(2);
    expect(products.release).not.toHaveBeenCalled();
    expect(payments.cancel).toHaveBeenCalledTimes(2);
  });

  it('does not accept jobs for orders that never were', async () => {
    const orphan = worker.tasks['advance-order']?.({ orderId: randomUUID(), attempt: 0 }, {} as never);

    await expect(orphan).rejects.toThrow(/does not exist/);
  });
});
