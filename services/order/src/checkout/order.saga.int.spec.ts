import { randomUUID } from 'node:crypto';
import { AppError } from '@emporium/errors';
import { Outbox } from '@emporium/events';
import { Jobs } from '@emporium/jobs';
import { sql } from '@emporium/postgres';
import { silentLogger } from '@emporium/telemetry';
import { testDatabase } from '@emporium/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { CartRepository } from '../carts/cart.repository.ts';
import { CartService } from '../carts/cart.service.ts';
import { migrations } from '../migrations.ts';
import { OrderRepository } from '../orders/order.repository.ts';
import { become, type Order, placeOrder } from '../orders/order.ts';
import type { PaymentClient } from '../payments/payment.client.ts';
import type { ProductClient } from '../products/product.client.ts';
import { addAdvance } from './checkout.jobs.ts';
import { CheckoutWorker } from './checkout.worker.ts';
import { OrderSaga } from './order.saga.ts';

const conflict = (code: string) => new AppError('conflict', code, 'No.');
const unavailable = () => new AppError('unavailable', 'payment-unavailable', 'Not now.');

describe('the purchase saga', () => {
  const db = testDatabase('order_saga', { migrations, jobs: true });
  const orders = new OrderRepository();
  const jobs = new Jobs();
  const products = {
    reserve: vi.fn<ProductClient['reserve']>(),
    commit: vi.fn<ProductClient['commit']>(),
    release: vi.fn<ProductClient['release']>(),
    putBack: vi.fn<ProductClient['putBack']>(),
  };
  const payments = { charge: vi.fn<PaymentClient['charge']>(), cancel: vi.fn<PaymentClient['cancel']>() };
  const carts = new CartService(db, new CartRepository(), products as unknown as ProductClient);
  const saga = new OrderSaga(
    db,
    orders,
    carts,
    products as unknown as ProductClient,
    payments as unknown as PaymentClient,
    jobs,
    new Outbox(jobs),
    silentLogger,
  );
  const worker = new CheckoutWorker(db, orders, saga, jobs, silentLogger);

  beforeEach(() => {
    vi.resetAllMocks();
    payments.charge.mockResolvedValue('succeeded');
  });

  async function placed({ fromCart = false, deadlineAt = new Date(Date.now() + 60_000) } = {}): Promise<Order> {
    const order = placeOrder({
      id: randomUUID(),
      userId: randomUUID(),
      lines: [{ productId: randomUUID(), name: 'Lamp', quantity: 2, unitPrice: { amount: 1299, currency: 'EUR' } }],
      shippingAddress: { name: 'Ada', line1: 'Street 1', city: 'London', postalCode: 'SW1', country: 'GB' },
      paymentMethod: 'pm_card_visa',
      fromCart,
      createdAt: new Date(),
      deadlineAt,
    });
    await db.transaction(async (tx) => {
      await orders.insert(tx, order);
      await addAdvance(jobs, tx, order.id, { delayMs: 60_000 });
    });
    return order;
  }

  const waitingJobs = async (order: Order): Promise<string[]> =>
    (
      await db.query<{ name: string }>(sql`
        select t.identifier as name from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
         where j.payload ->> 'orderId' = ${order.id} or j.payload ->> 'key' = ${order.id} order by 1
      `)
    ).map(({ name }) => name);

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
    ['reserve', 'invalid-request', 'out_of_stock'],
    ['charge', 'payment-cancelled', 'payment_cancelled'],
    ['commit', 'reservation-released', 'stock_lost'],
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

  it('gives the cart back when its purchase is rejected, and keeps what was put in since', async () => {
    products.reserve.mockRejectedValue(conflict('out-of-stock'));
    const order = await placed({ fromCart: true });

    await saga.advance(order);

    expect(await carts.itemsOf(order.userId)).toEqual([{ productId: order.lines[0]?.productId, quantity: 2 }]);
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
