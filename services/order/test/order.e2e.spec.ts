import { randomUUID } from 'node:crypto';
import { orderListResponse, orderResponse, placeOrderRequest } from '@emporium/contracts/order';
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

  describe('of a cart', () => {
    it('empties it, and sells what is in it', async () => {
      const [lamp, chair] = [world.products.onSale(), world.products.onSale()];
      await customer.put(lamp, 2);
      await customer.put(chair, 1);

      const { status, body } = await customer.buy();

      expect(status).toBe(201);
      expect(body.items).toMatchObject([
        { productId: lamp, quantity: 2 },
        { productId: chair, quantity: 1 },
      ]);
      expect(await customer.cart()).toEqual([]);
    });

    it('leaves it alone when the request says what to buy', async () => {
      const [lamp, chair] = [world.products.onSale(), world.products.onSale()];
      await customer.put(lamp, 2);

      await customer.buy(one(chair));

      expect(await customer.cart()).toEqual([{ productId: lamp, quantity: 2 }]);
    });

    it('needs something in it', async () => {
      expect(await customer.buy()).toMatchObject({ status: 400, body: { errors: [{ field: 'items' }] } });
    });

    it('gives it back when the card is declined, with what was put in since', async () => {
      const [lamp, chair] = [world.products.onSale(), world.products.onSale()];
      await customer.put(lamp, 2);
      await customer.put(chair, 1);

      expect((await customer.buy({ paymentMethod: 'pm_card_chargeDeclined' })).status).toBe(402);

      expect(await customer.cart()).toHaveLength(2);
      expect((await customer.buy()).status).toBe(201);
    });

    it('buys it once when two checkouts with different keys come at once', async () => {
      const lamp = world.products.onSale();
      for (let round = 0; round < 5; round += 1) {
        const buyer = world.customer();
        await buyer.put(lamp, 1);

        const answers = await Promise.all([buyer.buy(), buyer.buy()]);

        const statuses = answers.map(({ status }) => status).sort();
        expect(statuses[0]).toBe(201);
        expect([400, 409]).toContain(statuses[1]);
        expect((await buyer.call('GET', '/v1/orders')).body.items).toHaveLength(1);
      }
      expect(world.products.onHand(lamp)).toBe(5);
    });

    it('never tells a repeated key that the cart is empty, because its own first request emptied it', async () => {
      const lamp = world.products.onSale(100);
      for (let round = 0; round < 5; round += 1) {
        const buyer = world.customer();
        await buyer.put(lamp, 1);
        const key = randomUUID();

        const answers = await Promise.all(Array.from({ length: 8 }, () => buyer.buy({}, key)));

        for (const { status, body } of answers)
          expect([status, body.code]).toBeOneOf([
            [201, undefined],
            [409, 'in-progress'],
          ]);
      }
    });

    it('with a product that left the catalogue sells nothing until the customer has seen it', async () => {
      const [lamp, chair] = [world.products.onSale(), world.products.onSale()];
      await customer.put(lamp, 1);
      await customer.put(chair, 1);
      world.products.withdraw(chair);

      expect(await customer.buy()).toMatchObject({ status: 409, body: { code: 'cart-changed' } });
      expect(await customer.cart()).toHaveLength(1);
      expect((await customer.buy()).status).toBe(201);
    });

    it('that is filled again meanwhile never grows beyond what can be shown and bought', async () => {
      const old = Array.from({ length: 50 }, () => world.products.onSale(0));
      const fresh = Array.from({ length: 50 }, () => world.products.onSale());
      for (const product of old) await customer.put(product, 1);
      world.payments.trouble = 'hang';
      world.products.http.on('PUT /internal/reservations/:orderId', async (_, { orderId = '' }) => {
        for (const product of fresh) await customer.put(product, 1);
        return { status: 409, body: { status: 409, code: 'out-of-stock', title: 'No', detail: orderId } };
      });

      const { status } = await customer.buy();

      expect([409, 202]).toContain(status);
      await expect.poll(async () => (await customer.call('GET', '/v1/orders')).body.items[0].status).toBe('rejected');
      expect((await customer.call('GET', '/v1/cart')).body.items).toHaveLength(50);
    });
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

describe('orders after their purchase', () => {
  const world = orderWorld('order_lives');
  let customer: Customer;
  const bought = async (): Promise<string> => {
    const { status, body } = await customer.buy({ items: [{ productId: world.products.onSale(), quantity: 1 }] });
    expect(status).toBe(201);
    return body.id;
  };

  beforeEach(() => {
    customer = world.customer();
  });

  it('are listed newest first, page by page', async () => {
    const ids: string[] = [];
    for (let count = 0; count < 5; count += 1) ids.unshift(await bought());

    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { status, body } = await customer.call('GET', `/v1/orders?limit=2${cursor && `&cursor=${cursor}`}`);
      expect(status).toBe(200);
      const page = orderListResponse.parse(body);
      expect(page.items.length).toBeLessThanOrEqual(2);
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }

    expect(seen).toEqual(ids);
  });

  it('are there for their owner and for staff, and for nobody else', async () => {
    const id = await bought();
    const other = world.customer();

    for (const path of [`/v1/orders/${id}`, `/v1/orders/${randomUUID()}`]) {
      expect(await other.call('GET', path)).toMatchObject({ status: 404, body: { code: 'order-not-found' } });
    }
    expect((await other.cancel(id)).status).toBe(404);
    expect((await other.call('GET', '/v1/orders')).body.items).toEqual([]);
    for (const role of ['admin', 'support'] as const) {
      expect(await world.staff(role, 'GET', `/v1/admin/orders/${id}`)).toMatchObject({ status: 200, body: { id } });
    }
  });

  it('are listed for staff, by status too', async () => {
    const [first, second] = [await bought(), await bought()];
    await customer.cancel(first);
    const listed = async (query: string) =>
      orderListResponse.parse((await world.staff('support', 'GET', `/v1/admin/orders${query}`)).body).items.map(({ id }) => id);

    expect((await listed('')).slice(0, 2)).toEqual([second, first]);
    expect((await listed('?status=cancelled'))[0]).toBe(first);
    expect(await listed('?status=cancelled')).not.toContain(second);
    const { body } = await world.staff('admin', 'GET', '/v1/admin/orders?limit=1');
    expect((await listed(`?limit=1&cursor=${body.nextCursor}`))[0]).toBe(first);
  });

  it('are shipped, then delivered, by admins only', async () => {
    const id = await bought();
    const move = (role: 'admin' | 'support', step: string) => world.staff(role, 'POST', `/v1/admin/orders/${id}/${step}`);

    expect([(await move('support', 'ship')).status, (await move('support', 'deliver')).status]).toEqual([403, 403]);
    expect(await move('admin', 'deliver')).toMatchObject({ status: 409, body: { code: 'order-cannot-change' } });
    expect(await move('admin', 'ship')).toMatchObject({ status: 200, body: { status: 'shipped', version: 3 } });
    expect((await customer.cancel(id)).status).toBe(409);
    expect((await move('admin', 'ship')).status).toBe(409);
    expect(await move('admin', 'deliver')).toMatchObject({ status: 200, body: { status: 'delivered', version: 4 } });
    const { body } = await customer.call('GET', `/v1/orders/${id}`);
    expect(body.history.map(({ status }: { status: string }) => status)).toEqual([
      'pending',
      'confirmed',
      'shipped',
      'delivered',
    ]);
    expect((await world.staff('admin', 'POST', `/v1/admin/orders/${randomUUID()}/ship`)).status).toBe(404);
  });

  it('are either shipped or cancelled when both are asked for at once', async () => {
    const id = await bought();

    const answers = await Promise.all([
      world.staff('admin', 'POST', `/v1/admin/orders/${id}/ship`),
      customer.cancel(id),
      world.staff('admin', 'POST', `/v1/admin/orders/${id}/ship`),
      customer.cancel(id),
    ]);

    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
  });

  describe('are cancelled', () => {
    it('with the money back and the units on hand before the answer', async () => {
      const id = await bought();

      const { status, body } = await customer.cancel(id);

      expect([status, body.status, body.version]).toEqual([200, 'cancelled', 3]);
      expect([world.products.reservationOf(id), world.payments.kept(id)]).toEqual(['returned', 0]);
    });

    it('once per key: a repetition gets the same answer, another key a refusal', async () => {
      const [id, key] = [await bought(), randomUUID()];

      const first = await customer.cancel(id, key);
      const again = await customer.cancel(id, key);
      const other = await customer.cancel(id);

      expect([again.status, JSON.stringify(again.body)]).toEqual([200, JSON.stringify(first.body)]);
      expect(again.headers.get('idempotency-replayed')).toBe('true');
      expect(other).toMatchObject({ status: 409, body: { code: 'order-cannot-change' } });
      expect((await customer.cancel(await bought(), key)).status).toBe(422);
    });

    it('with a refusal that stays the answer of its key', async () => {
      const [id, key] = [await bought(), randomUUID()];
      await world.staff('admin', 'POST', `/v1/admin/orders/${id}/ship`);

      const first = await customer.cancel(id, key);
      const again = await customer.cancel(id, key);

      expect([first.status, again.status]).toEqual([409, 409]);
      expect(JSON.stringify(again.body)).toBe(JSON.stringify(first.body));
      for (const { headers } of [first, again]) expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect([first, again].map(({ headers }) => headers.get('idempotency-replayed'))).toEqual([null, 'true']);
      const [missing, missingKey] = [randomUUID(), randomUUID()];
      await customer.cancel(missing, missingKey);
      expect((await customer.cancel(missing, missingKey)).headers.get('idempotency-replayed')).toBe('true');
    });

    it('within 3 s while payment and product service hang; a job does the rest', async () => {
      const id = await bought();
      world.payments.trouble = 'hang';
      world.products.trouble = 'hang';

      const begun = performance.now();
      const { status, body } = await customer.cancel(id);

      expect([status, body.status]).toEqual([200, 'cancelled']);
      expect(performance.now() - begun).toBeLessThan(3_000);
      world.payments.trouble = undefined;
      world.products.trouble = undefined;
      await expect.poll(() => world.payments.kept(id), { timeout: 15_000 }).toBe(0);
      await expect.poll(() => world.products.reservationOf(id), { timeout: 15_000 }).toBe('returned');
    });

    it('with the money back although the product service is away', async () => {
      const id = await bought();
      world.products.trouble = 'drop';

      expect((await customer.cancel(id)).status).toBe(200);

      expect(world.payments.kept(id)).toBe(0);
    });
  });

  describe('are refunded', () => {
    const refund = (id: string, amount: number, key: string | undefined = randomUUID(), role: 'admin' | 'support' = 'admin') =>
      world.staff(
        role,
        'POST',
        `/v1/admin/orders/${id}/refunds`,
        { amount: { amount, currency: 'EUR' }, reason: 'a scratch' },
        key,
      );
    // The same member of staff: keys belong to a user.
    const byOne = (sub: string, id: string, amount: number, key: string) =>
      world.app.request('POST', `/v1/admin/orders/${id}/refunds`, {
        as: { sub, role: 'admin' },
        body: { amount: { amount, currency: 'EUR' }, reason: 'a scratch' },
        headers: { 'idempotency-key': key },
      });

    it('in parts, by admins only, never more than was paid; the units stay sold', async () => {
      const id = await bought();

      expect((await refund(id, 400, undefined, 'support')).status).toBe(403);
      expect(await refund(id, 600)).toMatchObject({
        status: 201,
        body: { orderId: id, amount: { amount: 600 }, reason: 'a scratch', status: 'succeeded' },
      });
      expect(await refund(id, 600)).toMatchObject({ status: 409, body: { code: 'refund-exceeds-charge' } });
      expect([world.payments.kept(id), world.products.reservationOf(id)]).toEqual([400, 'committed']);
      expect((await refund(randomUUID(), 1)).status).toBe(404);
    });

    it('once per key, refusals included', async () => {
      const [id, sub, key, refusedKey] = [await bought(), randomUUID(), randomUUID(), randomUUID()];

      const [first, again] = [await byOne(sub, id, 400, key), await byOne(sub, id, 400, key)];
      const refused = await byOne(sub, id, 601, refusedKey);
      const refusedAgain = await byOne(sub, id, 601, refusedKey);

      expect([again.status, JSON.stringify(again.body)]).toEqual([201, JSON.stringify(first.body)]);
      expect(world.payments.kept(id)).toBe(600);
      expect((await byOne(sub, id, 401, key)).status).toBe(422);
      expect([refused.status, refusedAgain.status]).toEqual([409, 409]);
      expect(JSON.stringify(refusedAgain.body)).toBe(JSON.stringify(refused.body));
      expect(refusedAgain.headers.get('idempotency-replayed')).toBe('true');
    });

    it('with a key that is free again after a failure that says nothing about the order', async () => {
      const [id, sub, key] = [await bought(), randomUUID(), randomUUID()];
      world.payments.trouble = 'drop';
      expect((await byOne(sub, id, 400, key)).status).toBe(503);
      world.payments.trouble = undefined;

      await expect.poll(async () => (await byOne(sub, id, 400, key)).status).toBe(201);
      expect(world.payments.kept(id)).toBe(600);
    });

    it('only when they were paid', async () => {
      const { body } = await customer.buy({ items: [{ productId: world.products.onSale(0), quantity: 1 }] });

      expect(await refund(body.orderId, 1)).toMatchObject({ status: 409, body: { code: 'order-not-refundable' } });
    });
  });
});
