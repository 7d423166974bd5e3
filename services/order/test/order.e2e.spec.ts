import { randomUUID } from 'node:crypto';
import { orderResponse, placeOrderRequest } from '@emporium/contracts/order';
import { fingerprint, Idempotency } from '@emporium/idempotency';
import { beforeEach, describe, expect, it } from 'vitest';
import { OrderSaga } from '../src/checkout/order.saga.ts';
import { OrderRepository } from '../src/orders/order.repository.ts';
import { placeOrder } from '../src/orders/order.ts';
import { address, type Customer, orderWorld } from './order-world.ts';

describe('a purchase', () => {
  const world = orderWorld('order_purchases', { CHECKOUT_RECOVERY_DELAY_MS: '3000' });
  let customer: Customer;
  const statusOf = async (id: string) => (await customer.call('GET', `/v1/orders/${id}`)).body.status;
  const one = (productId: string, quantity = 1) => ({ items: [{ productId, quantity }] });

  beforeEach(() => {
    customer = world.customer();
  });

  it('is answered 201 with the final order and its address', async () => {
    const [lamp, chair] = [world.products.onSale(10, 1_299), world.products.onSale(10, 9_900)];

    const { status, body, headers } = await customer.buy({
      items: [...one(lamp, 2).items, ...one(chair).items, ...one(lamp.toUpperCase()).items],
    });

    expect(status).toBe(201);
    expect(headers.get('location')).toBe(`/v1/orders/${body.id}`);
    expect(headers.get('idempotency-replayed')).toBeNull();
    expect(orderResponse.strict().parse(body)).toMatchObject({
      userId: customer.id,
      status: 'confirmed',
      version: 2,
      items: [
        { productId: lamp, quantity: 3, lineTotal: { amount: 3_897 } },
        { productId: chair, quantity: 1 },
      ],
      total: { amount: 13_797, currency: 'EUR' },
      shippingAddress: address,
      history: [
        { status: 'pending', version: 1, cause: 'placed' },
        { status: 'confirmed', version: 2, cause: 'paid' },
      ],
    });
    expect(JSON.stringify((await customer.call('GET', `/v1/orders/${body.id}`)).body)).toBe(JSON.stringify(body));
    expect([world.products.onHand(lamp), world.payments.kept(body.id)]).toEqual([7, 13_797]);
  });

  it('takes its prices from nobody but the product service', async () => {
    const lamp = world.products.onSale();
    const items = [{ productId: lamp, quantity: 1, unitPrice: { amount: 1, currency: 'EUR' } }];

    expect(await customer.buy({ items })).toMatchObject({ status: 400, body: { errors: [{ field: 'items.0.unitPrice' }] } });
    expect((await customer.buy({ ...one(lamp), total: { amount: 1, currency: 'EUR' } })).status).toBe(400);
  });

  it.each(['pm_card_visa', 'pm_card_chargeDeclined'])('with %s gives the same answer to the same key', async (paymentMethod) => {
    const lamp = world.products.onSale();
    const key = randomUUID();
    const body = { ...one(lamp), paymentMethod };

    const first = await customer.buy(body, key);
    const again = await customer.buy({ paymentMethod, ...one(lamp) }, key);

    expect(again.status).toBe(first.status);
    expect(JSON.stringify(again.body)).toBe(JSON.stringify(first.body));
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    for (const name of ['location', 'content-type']) expect(again.headers.get(name)).toBe(first.headers.get(name));
    expect((await customer.call('GET', '/v1/orders')).body.items).toHaveLength(1);
  });

  it('refuses a key that belongs to another request, and takes the same key of another customer', async () => {
    const lamp = world.products.onSale();
    const key = randomUUID();
    await customer.buy(one(lamp), key);

    expect(await customer.buy(one(lamp, 2), key)).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
    expect((await world.customer().buy(one(lamp, 2), key)).status).toBe(201);
  });

  it('answers 409 while the first request with the key is at work', async () => {
    const lamp = world.products.onSale();
    const key = randomUUID();
    world.payments.trouble = { ...(await paid(lamp)), delayMs: 800 };

    const first = customer.buy(one(lamp), key);
    await expect.poll(() => world.payments.http.calls.at(-1)?.headers['x-request-id']).toBeDefined();
    await expect.poll(async () => (await customer.call('GET', '/v1/orders')).body.items.length).toBe(1);
    const meanwhile = await customer.buy(one(lamp), key);

    expect(meanwhile).toMatchObject({ status: 409, body: { type: expect.stringMatching(/\/in-progress$/) } });
    expect(meanwhile.headers.get('retry-after')).toBe('1');
    expect((await first).status).toBe(201);
  });

  it('happens once when twenty requests with one key come at once', async () => {
    const lamp = world.products.onSale(50);
    const key = randomUUID();

    const answers = await Promise.all(Array.from({ length: 20 }, () => customer.buy(one(lamp), key)));

    expect(new Set(answers.map(({ status }) => status))).toEqual(
      new Set(answers.some((a) => a.status === 409) ? [201, 409] : [201]),
    );
    expect(answers.filter(({ status, headers }) => status === 201 && !headers.has('idempotency-replayed'))).toHaveLength(1);
    expect((await customer.call('GET', '/v1/orders')).body.items).toHaveLength(1);
    expect(world.products.onHand(lamp)).toBe(49);
  });

  it('of a declined card is 402, keeps no stock and no money, and leads to the order', async () => {
    const lamp = world.products.onSale();

    const { status, body, headers } = await customer.buy({ ...one(lamp), paymentMethod: 'pm_card_chargeDeclined' });

    expect(status).toBe(402);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(body).toMatchObject({ code: 'payment-declined', status: 402, instance: '/v1/orders', requestId: expect.any(String) });
    expect(world.products.onHand(lamp)).toBe(10);
    expect((await customer.call('GET', `/v1/orders/${body.orderId}`)).body).toMatchObject({
      status: 'rejected',
      history: [{ cause: 'placed' }, { cause: 'payment_declined' }],
    });
  });

  it('of more than there is is 409 and charges nothing', async () => {
    const { status, body } = await customer.buy(one(world.products.onSale(2), 3));

    expect([status, body.code]).toEqual([409, 'out-of-stock']);
    expect(world.payments.http.callsOf('PUT', `/internal/payments/${body.orderId}`)).toEqual([]);
  });

  it('names a product that is not on sale as the customer numbered it, and leaves the key free', async () => {
    const [lamp, key] = [world.products.onSale(), randomUUID()];
    const items = [...one(lamp).items, ...one(lamp).items, ...one(randomUUID()).items];

    const { status, body } = await customer.buy({ items }, key);

    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ field: 'items.2.productId' }]);
    expect((await customer.buy(one(lamp), key)).status).toBe(201);
  });

  it('of more than a card can pay is 400', async () => {
    const house = world.products.onSale(10, 60_000_000);

    expect(await customer.buy(one(house, 2))).toMatchObject({ status: 400, body: { errors: [{ field: 'items' }] } });
  });

  it.each([
    ['hang' as const, 504],
    ['drop' as const, 503],
  ])(
    'is a clean failure within 3 s while the product service is away (%s), and the key is free afterwards',
    async (trouble, expected) => {
      const [lamp, key] = [world.products.onSale(), randomUUID()];
      world.products.trouble = trouble;

      const begun = performance.now();
      const failed = await customer.buy(one(lamp), key);
      const ms = performance.now() - begun;
      world.products.trouble = undefined;

      expect(failed.status).toBe(expected);
      expect(failed.headers.get('retry-after')).toBe('1');
      expect(ms).toBeLessThan(3_000);
      await expect.poll(async () => (await customer.buy(one(lamp), key)).status).toBe(201);
    },
  );

  it('is 202 within 3 s while the payment hangs, and finishes by itself', async () => {
    const [lamp, key] = [world.products.onSale(), randomUUID()];
    world.payments.trouble = 'hang';

    const begun = performance.now();
    const { status, body, headers } = await customer.buy(one(lamp), key);

    expect(performance.now() - begun).toBeLessThan(3_000);
    expect([status, body.status]).toEqual([202, 'pending']);
    expect(headers.get('location')).toBe(`/v1/orders/${body.id}`);
    world.payments.trouble = undefined;
    await expect.poll(() => statusOf(body.id), { timeout: 15_000 }).toBe('confirmed');
    expect(world.payments.kept(body.id)).toBe(1_000);
    const again = await customer.buy(one(lamp), key);
    expect([again.status, JSON.stringify(again.body)]).toEqual([202, JSON.stringify(body)]);
  });

  it('whose process died is answered from the order, and the answer stays the same', async () => {
    const [lamp, key] = [world.products.onSale(), randomUUID()];
    const body = { ...one(lamp), shippingAddress: address, paymentMethod: 'pm_card_visa' };
    const order = await diedAfterPlacing(body, key);

    const answers = await Promise.all(Array.from({ length: 5 }, () => customer.buy(body, key)));
    const later = await customer.buy(body, key);

    for (const answer of [...answers, later]) {
      expect(answer).toMatchObject({ status: 202, body: { id: order.id } });
      expect(answer.headers.get('idempotency-replayed')).toBe('true');
      expect(JSON.stringify(answer.body)).toBe(JSON.stringify(later.body));
    }
    await world.app.get(OrderSaga).advance(order);
    expect([await statusOf(order.id), (await customer.buy(body, key)).status]).toEqual(['rejected', 202]);
  });

  /** What the payment service answers to a charge, for use as a slow answer. */
  async function paid(lamp: string) {
    const { body } = await world.customer().buy(one(lamp));
    const [call] = world.payments.http.callsOf('PUT', `/internal/payments/${body.id}`);
    expect(call).toBeDefined();
    const money = { amount: 0, currency: 'EUR' };
    return {
      body: {
        id: randomUUID(),
        orderId: body.id,
        status: 'succeeded',
        charged: money,
        refunded: money,
        providerReference: null,
        declineReason: null,
        createdAt: new Date().toISOString(),
      },
    };
  }

  /** What a process leaves that is killed right after the transaction that places the order; its lease is over. */
  async function diedAfterPlacing(body: object, key: string) {
    const order = placeOrder({
      id: randomUUID(),
      userId: customer.id,
      lines: [{ productId: randomUUID(), name: 'Lamp', quantity: 1, unitPrice: { amount: 1_000, currency: 'EUR' } }],
      shippingAddress: address,
      paymentMethod: 'pm_card_visa',
      fromCart: false,
      createdAt: new Date(),
      deadlineAt: new Date(Date.now() + 60_000),
    });
    await world.db.transaction(async (tx) => {
      const scope = `${customer.id}:POST /v1/orders`;
      const print = fingerprint(placeOrderRequest.parse(body));
      await new Idempotency(world.db).claim(tx, scope, key, print, { leaseMs: 0, resourceId: order.id });
      await new OrderRepository().insert(tx, order);
    });
    return order;
  }
});
