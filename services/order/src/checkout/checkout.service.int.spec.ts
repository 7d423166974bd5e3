import { randomUUID } from 'node:crypto';
import type { PlaceOrderRequest } from '@emporium/contracts/order';
import { fingerprint } from '@emporium/idempotency';
import { sql } from '@emporium/postgres';
import { currentContext, runInContext } from '@emporium/telemetry';
import { testDatabase } from '@emporium/testing';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { address, anOrder, orderProcess, waitingJobs } from '../../test/order-process.ts';
import { migrations } from '../migrations.ts';
import type { Order } from '../orders/order.ts';
import type { ToldAnswer } from '../orders/repeatable.answer.ts';

const present = ({ id, status }: Order) => ({ status: status === 'confirmed' ? 201 : 202, body: { id, status } });
const idOf = ({ body }: ToldAnswer) => (body as { id: string }).id;

describe('placing an order', () => {
  const db = testDatabase('checkout_service', { migrations, jobs: true });
  const process = orderProcess(db);
  // A process whose requests outlive their lease at once, as one does that hangs for longer.
  const slow = orderProcess(db, { keyLeaseMs: 0 });
  let userId: string;
  const ordersOf = () => process.orders.listOfUser(db, userId, 100);
  const request = (items?: PlaceOrderRequest['items']): PlaceOrderRequest => ({
    items,
    shippingAddress: address,
    paymentMethod: 'pm_card_visa',
  });
  const lamp = request([{ productId: randomUUID(), quantity: 1 }]);
  const place = (key: string, wanted = lamp, at = process) => at.checkout.place({ userId, key, request: wanted, present });
  const putIn = (productId: string, quantity: number) => process.carts.put(userId, { productId, quantity });

  beforeEach(() => {
    process.allGoesWell();
    slow.allGoesWell();
    userId = randomUUID();
  });

  it('takes key, order and cart together, or none of them', async () => {
    const key = randomUUID();
    const broken = vi.spyOn(process.carts, 'take').mockRejectedValueOnce(new Error('no cart'));
    const product = randomUUID();
    await putIn(product, 2);

    await expect(place(key, request())).rejects.toThrow('no cart');
    broken.mockRestore();

    expect(await ordersOf()).toEqual([]);
    expect(await process.carts.itemsOf(userId)).toEqual([{ productId: product, quantity: 2 }]);
    expect(await place(key, request())).toMatchObject({ status: 201, replayed: false });
    expect(await process.carts.itemsOf(userId)).toEqual([]);
  });

  it('happens once per key among twenty racers on two processes', async () => {
    const key = randomUUID();
    const other = orderProcess(db);

    const told = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => place(key, lamp, index % 2 === 0 ? process : other)),
    );

    const orders = await ordersOf();
    expect(orders).toHaveLength(1);
    for (const one of told) {
      if (one.status === 'fulfilled') expect(idOf(one.value)).toBe(orders[0]?.id);
      else expect(one.reason).toMatchObject({ kind: 'conflict', code: 'in-progress' });
    }
    expect(told.filter((one) => one.status === 'fulfilled' && !one.value.replayed)).toHaveLength(1);
  });

  it('gives a repetition that finds the cart empty the answer of the request that emptied it', async () => {
    const key = randomUUID();
    await putIn(randomUUID(), 1);
    let first: ToldAnswer | undefined;
    vi.spyOn(process.carts, 'itemsOf').mockImplementationOnce(async () => {
      first = await place(key, request());
      return [];
    });

    const repeated = await place(key, request());

    expect(first).toMatchObject({ status: 201, replayed: false });
    expect(repeated).toEqual({ ...first, replayed: true });
  });

  it('refuses a key that was used for something else', async () => {
    const key = randomUUID();
    await place(key);

    await expect(place(key, request([{ productId: randomUUID(), quantity: 2 }]))).rejects.toMatchObject({
      code: 'idempotency-key-reused',
    });
  });

  it('buys the cart the customer saw, or nothing', async () => {
    const key = randomUUID();
    const [seen, late] = [randomUUID(), randomUUID()];
    await putIn(seen, 1);
    process.products.quote.mockImplementationOnce(async (items) => {
      await putIn(late, 1);
      return { lines: items.map((item) => ({ ...item, name: 'Lamp', unitPrice: { amount: 1, currency: 'EUR' } })), gone: [] };
    });

    await expect(place(key, request())).rejects.toMatchObject({ kind: 'conflict', code: 'cart-changed' });

    expect(await ordersOf()).toEqual([]);
    expect(await process.carts.itemsOf(userId)).toHaveLength(2);
    expect((await place(key, request())).status).toBe(201);
  });

  it('gives the calls of a request no more time than the client has, and those of a job all they need', async () => {
    const deadlines: number[] = [];
    process.products.reserve.mockImplementation(async () => {
      const { deadline = Number.POSITIVE_INFINITY, callsEndAt = Number.POSITIVE_INFINITY } = currentContext() ?? {};
      deadlines.push(Math.min(deadline, callsEndAt));
    });
    const begun = Date.now();

    await place(randomUUID());
    await runInContext({ requestId: 'r', deadline: begun + 1_500 }, () => place(randomUUID()));
    const order = anOrder();
    await db.transaction((tx) => process.orders.insert(tx, order));
    await process.worker.tasks['advance-order']?.({ orderId: order.id, attempt: 0 }, {} as never);

    expect(deadlines[0]).toBeGreaterThanOrEqual(begun + 2_500);
    expect(deadlines[0]).toBeLessThan(begun + 3_000);
    expect(deadlines.slice(1)).toEqual([begun + 1_500, Number.POSITIVE_INFINITY]);
  });

  it('writes down what became of a purchase although its request is over by then', async () => {
    const key = randomUUID();
    const deadline = Date.now() + 300;
    process.payments.charge.mockImplementationOnce(async () => {
      await vi.waitUntil(() => Date.now() > deadline, { interval: 10, timeout: 10_000 });
      return 'succeeded';
    });

    const told = await runInContext({ requestId: 'r', deadline }, () => place(key));

    expect(told).toMatchObject({ status: 201 });
    expect(await ordersOf()).toMatchObject([{ status: 'confirmed' }]);
    expect(await place(key)).toMatchObject({ status: 201, replayed: true });
  });

  it('begins nothing for a request that is over already', async () => {
    const over = runInContext({ requestId: 'r', deadline: Date.now() - 1 }, () => place(randomUUID()));

    await expect(over).rejects.toMatchObject({ kind: 'timeout', code: 'deadline-passed' });
    expect(await ordersOf()).toEqual([]);
  });

  it('is 202 when the database fails after the order is safe; a job finishes it, once it is overdue', async () => {
    const key = randomUUID();
    vi.spyOn(process.orders, 'end').mockRejectedValueOnce(new Error('connection lost'));

    const told = await place(key);
    const recover = () => Promise.all([process, slow].map(({ worker }) => worker.sweeps['recover-orders']()));

    expect(told).toMatchObject({ status: 202, body: { status: 'pending' } });
    await recover();
    expect(await waitingJobs(db, idOf(told))).toEqual([]);
    await db.execute(sql`update orders set recover_at = now() - interval '1 second' where id = ${idOf(told)}`);
    await recover();
    expect(await waitingJobs(db, idOf(told))).toEqual(['advance-order']);
    await process.worker.tasks['advance-order']?.({ orderId: idOf(told), attempt: 0 }, {} as never);
    expect((await ordersOf())[0]?.status).toBe('confirmed');
    expect(await place(key)).toMatchObject({ status: 202, replayed: true });
  });

  it('keeps its answer in the statement that makes the sale', async () => {
    const key = randomUUID();
    const complete = vi.spyOn(process.idempotency, 'complete');

    const told = await place(key);

    expect(told).toMatchObject({ status: 201, replayed: false });
    expect(complete).not.toHaveBeenCalled();
    expect(await place(key)).toEqual({ ...told, replayed: true });
    complete.mockRestore();
  });

  it('hands an overdue order to one of ten who look for it, with one job', async () => {
    const [overdue, finished, young] = [anOrder(), anOrder(), anOrder()];
    for (const order of [overdue, finished]) await process.orders.insert(db, order, { recoverAfterMs: -1_000 });
    await process.orders.insert(db, young, { recoverAfterMs: 60_000 });
    await process.saga.advance(finished);

    const taken = await Promise.all(Array.from({ length: 10 }, () => db.transaction((tx) => process.orders.takeOverdue(tx, 10))));

    expect(taken.flat()).toEqual([overdue.id]);
  });

  it('is answered from the order when its answer could not be stored', async () => {
    const key = randomUUID();
    slow.payments.charge.mockResolvedValueOnce('declined');
    const lost = vi.spyOn(slow.idempotency, 'complete').mockRejectedValueOnce(new Error('connection lost'));

    const told = await place(key, lamp, slow);
    const again = await place(key);

    expect(lost).toHaveBeenCalledTimes(1);
    expect(told).toMatchObject({ status: 202, replayed: false });
    expect(again).toEqual({ ...told, replayed: true });
    expect(await ordersOf()).toHaveLength(1);
  });

  it('tells all the same when the first request outlives its lease and a repetition is answered before it', async () => {
    const key = randomUUID();
    const charge = Promise.withResolvers<'succeeded'>();
    slow.payments.charge.mockReturnValue(charge.promise);

    const first = place(key, lamp, slow);
    await expect.poll(async () => (await ordersOf()).length).toBe(1);
    const repeated = await place(key);
    charge.resolve('succeeded');

    expect(repeated).toMatchObject({ status: 202, replayed: true });
    expect(await first).toEqual({ ...repeated, replayed: false });
    expect((await ordersOf())[0]?.status).toBe('confirmed');
  });

  it('tells customers who cannot be served in time so, keeps nothing of theirs, and serves the next', async () => {
    const narrow = orderProcess(db, { concurrency: 1, maxWaiting: 1, lineMs: 20 });
    const { promise: quoted, resolve: quote } = Promise.withResolvers<void>();
    const lines = [{ productId: randomUUID(), name: 'Lamp', quantity: 1, unitPrice: { amount: 1, currency: 'EUR' } }];
    narrow.products.quote.mockImplementationOnce(() => quoted.then(() => ({ lines, gone: [] })));
    const keys = Array.from({ length: 3 }, () => randomUUID());

    const first = place(keys[0] ?? '', lamp, narrow);
    const crowd = await Promise.allSettled(keys.slice(1).map((key) => place(key, lamp, narrow)));
    quote();

    for (const told of crowd)
      expect(told).toMatchObject({ status: 'rejected', reason: { kind: 'unavailable', code: 'checkout-busy' } });
    expect(await first).toMatchObject({ status: 201 });
    expect(await place(keys[1] ?? '', lamp, narrow)).toMatchObject({ status: 201, replayed: false });
    expect(await ordersOf()).toHaveLength(2);
  });

  it('is answered from an order that others have brought to its end, though the lease of its dead request is not over', async () => {
    const key = randomUUID();
    const order = anOrder({ userId });
    const scope = `${userId}:POST /v1/orders`;
    await process.idempotency.claim(db, scope, key, fingerprint(lamp), { leaseMs: 60_000, resourceId: order.id });
    await db.transaction((tx) => process.orders.insert(tx, order));
    await expect(place(key)).rejects.toMatchObject({ code: 'in-progress' });
    await process.worker.tasks['advance-order']?.({ orderId: order.id, attempt: 0 }, {} as never);

    expect(await place(key)).toMatchObject({ status: 201, replayed: true, body: { id: order.id } });
    expect(await place(key)).toMatchObject({ status: 201, replayed: true, body: { id: order.id } });
  });

  it('keeps saying in-progress for a key whose order is not there', async () => {
    const key = randomUUID();
    for (const resourceId of [undefined, randomUUID()]) {
      await process.idempotency.release(db, `${userId}:POST /v1/orders`, key);
      const lease = { leaseMs: 0, ...(resourceId && { resourceId }) };
      await process.idempotency.claim(db, `${userId}:POST /v1/orders`, key, fingerprint(lamp), lease);

      await expect(place(key)).rejects.toMatchObject({ code: 'in-progress' });
    }
  });
});
