import { randomUUID } from 'node:crypto';
import { AppError } from '@emporium/errors';
import { testDatabase } from '@emporium/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { anOrder, orderProcess, waitingJobs } from '../../test/order-process.ts';
import { migrations } from '../migrations.ts';
import type { Order } from '../orders/order.ts';

const present = ({ id, status }: Order) => ({ status: 200, body: { id, status } });
const unavailable = new AppError('unavailable', 'payment-unavailable', 'Not now.');

describe('a cancellation', () => {
  const db = testDatabase('cancellation', { migrations, jobs: true });
  const process = orderProcess(db);
  const { orders, saga, jobs, products, payments } = process;
  const cancel = (order: Order, key: string = randomUUID()) =>
    process.cancellations.cancel({ userId: order.userId, key, orderId: order.id, present });
  const statusOf = async (order: Order) => (await orders.findById(db, order.id))?.status;

  async function pending(): Promise<Order> {
    const order = anOrder();
    await db.transaction((tx) => orders.insert(tx, order));
    return order;
  }
  const confirmed = async () => saga.advance(await pending());

  beforeEach(() => process.allGoesWell());

  it('puts the units back, returns the money, and then needs no job', async () => {
    const order = await confirmed();

    expect(await cancel(order)).toMatchObject({ status: 200, body: { status: 'cancelled' }, replayed: false });

    expect([products.putBack.mock.calls, payments.cancel.mock.calls]).toEqual([[[order.id]], [[order.id, 'cancelled']]]);
    expect(await waitingJobs(db, order.id)).toEqual(['publish-event', 'publish-event']);
  });

  it.each([
    ['units', products.putBack, payments.cancel],
    ['money', payments.cancel, products.putBack],
  ] as const)('that cannot return the %s yet returns the rest, and leaves a job', async (_, failing, working) => {
    failing.mockRejectedValueOnce(unavailable);
    const order = await confirmed();

    expect((await cancel(order)).status).toBe(200);

    expect(working).toHaveBeenCalledTimes(1);
    expect(await waitingJobs(db, order.id)).toContain('compensate-order');
    await process.worker.tasks['compensate-order']?.({ orderId: order.id, attempt: 0 }, {} as never);
    expect(failing).toHaveBeenCalledTimes(2);
  });

  it('of a process that dies right afterwards is the answer of its key, and the job undoes the order', async () => {
    const order = await confirmed();
    const key = randomUUID();
    payments.cancel.mockReturnValueOnce(new Promise(() => undefined));
    void cancel(order, key);
    await expect.poll(() => statusOf(order)).toBe('cancelled');

    expect(await cancel(order, key)).toMatchObject({ status: 200, body: { status: 'cancelled' }, replayed: true });
    expect(await waitingJobs(db, order.id)).toContain('compensate-order');
  });

  it('leaves everything as it was when it fails half-way, and the key free', async () => {
    const order = await confirmed();
    const key = randomUUID();
    vi.spyOn(jobs, 'add').mockRejectedValueOnce(unavailable);

    await expect(cancel(order, key)).rejects.toBe(unavailable);

    expect(await statusOf(order)).toBe('confirmed');
    expect(products.putBack).not.toHaveBeenCalled();
    expect(await cancel(order, key)).toMatchObject({ status: 200, replayed: false });
  });

  it('happens once among twenty racers with keys of their own', async () => {
    const order = await confirmed();

    const told = await Promise.all(Array.from({ length: 20 }, () => cancel(order)));

    expect(told.filter(({ status }) => status === 200)).toHaveLength(1);
    for (const { status, body } of told.filter((one) => one.status !== 200)) {
      expect([status, body]).toMatchObject([409, { detail: `Order ${order.id} is cancelled and cannot become cancelled.` }]);
    }
    expect(payments.cancel).toHaveBeenCalledTimes(1);
  });

  it('gives twenty racers with one key one answer', async () => {
    const order = await confirmed();
    const key = randomUUID();

    const told = await Promise.all(Array.from({ length: 20 }, () => cancel(order, key)));

    expect(told.filter(({ replayed }) => !replayed)).toHaveLength(1);
    expect(new Set(told.map(({ status, body }) => JSON.stringify([status, body])))).toHaveLength(1);
    expect(payments.cancel).toHaveBeenCalledTimes(1);
  });

  it('that was refused stays refused for its key, whatever becomes of the order', async () => {
    const order = await pending();
    const key = randomUUID();

    const refused = await cancel(order, key);
    await saga.advance(order);

    expect(refused).toMatchObject({ status: 409, body: { code: 'order-cannot-change' }, replayed: false });
    expect(await cancel(order, key)).toEqual({ ...refused, replayed: true });
    expect(await statusOf(order)).toBe('confirmed');
    expect((await cancel(order)).status).toBe(200);
  });

  it('of nothing, or of another customer, is 404 and changes nothing', async () => {
    const order = await confirmed();

    expect(await cancel(anOrder())).toMatchObject({ status: 404, body: { code: 'order-not-found' } });
    expect(await cancel({ ...order, userId: randomUUID() })).toMatchObject({ status: 404 });
    expect(await statusOf(order)).toBe('confirmed');
  });

  it('refuses a key that belongs to another order', async () => {
    const key = randomUUID();
    const order = await confirmed();
    await cancel(order, key);

    await expect(cancel({ ...(await confirmed()), userId: order.userId }, key)).rejects.toMatchObject({
      code: 'idempotency-key-reused',
    });
  });
});
