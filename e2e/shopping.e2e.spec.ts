import { randomUUID } from 'node:crypto';
import type { CartResponse, OrderResponse } from '@emporium/contracts/order';
import { beforeAll, describe, expect, it } from 'vitest';
import { administrator, anyone } from './people.ts';
import { expectBadField, expectProblem } from './problem.ts';
import { type ShopClient, shippingAddress } from './shop.client.ts';

const eur = (amount: number) => ({ amount, currency: 'EUR' });
const empty = { items: [], total: eur(0) };

describe('a customer', () => {
  let admin: ShopClient;

  beforeAll(async () => {
    admin = await administrator();
  });

  it('fills, changes and empties a cart', async () => {
    const customer = await anyone().newCustomer();
    const [cup, pot] = [await admin.newProduct(5, 300), await admin.newProduct(5, 2000)];
    const put = (productId: string, quantity: number) =>
      customer.call<CartResponse>('PUT', `/v1/cart/items/${productId}`, { body: { quantity } });
    const line = ({ id, name }: typeof cup, quantity: number, price: number) => ({
      productId: id,
      name,
      quantity,
      unitPrice: eur(price),
      lineTotal: eur(price * quantity),
    });

    expect(await customer.cart()).toEqual(empty);
    expect((await put(cup.id, 2)).body).toEqual({ items: [line(cup, 2, 300)], total: eur(600) });
    await put(pot.id, 1);
    const three = await put(cup.id, 3);
    expect(three.status).toBe(200);
    expect(three.body.total).toEqual(eur(2900));
    expect(three.body.items).toEqual(expect.arrayContaining([line(cup, 3, 300), line(pot, 1, 2000)]));

    const without = await customer.call<CartResponse>('DELETE', `/v1/cart/items/${cup.id}`);
    expect(without.body).toEqual({ items: [line(pot, 1, 2000)], total: eur(2000) });
    expect(await (await anyone().newCustomer()).cart()).toEqual(empty);
    expect((await customer.call('DELETE', '/v1/cart')).status).toBeOneOf([200, 204]);
    expect(await customer.cart()).toEqual(empty);
    expectProblem(await customer.buy(undefined), 400);
    for (const quantity of [0, 100, -1]) expectBadField(await put(cup.id, quantity), 'quantity');
    expect(expectProblem(await put(randomUUID(), 1)).status).toBeOneOf([400, 404]);
  });

  it('sees an order exactly in the shape of the contract, the same everywhere', async () => {
    const customer = await anyone().newCustomer();
    const product = await admin.newProduct(5, 750);
    const bought = await customer.buy([{ productId: product.id, quantity: 2 }]);
    const order = bought.body;
    const me = (await customer.get('/v1/users/me')).body;

    expect(bought.status, bought.text).toBe(201);
    expect(bought.headers.get('location')).toBe(`/v1/orders/${order.id}`);
    expect(order).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      userId: me.id,
      status: 'confirmed',
      items: [{ productId: product.id, name: product.name, quantity: 2, unitPrice: eur(750), lineTotal: eur(1500) }],
      total: eur(1500),
      shippingAddress,
      createdAt: expect.stringMatching(/Z$/),
      updatedAt: expect.stringMatching(/Z$/),
      version: order.history.length,
      history: expect.any(Array),
    });
    expect(order.history[0]?.status).toBe('pending');
    expect(order.history.map(({ version }) => version)).toEqual(order.history.map((_, index) => index + 1));
    for (const entry of order.history) expect(Object.keys(entry).sort()).toEqual(['at', 'cause', 'status', 'version']);
    expect(await customer.order(order.id)).toEqual(order);
    expect((await customer.get('/v1/orders')).body).toEqual({ items: [order], nextCursor: null });
  });

  it('pages through its orders, newest first, each once', async () => {
    const customer = await anyone().newCustomer();
    const product = await admin.newProduct(50);
    const buy = () => customer.buy([{ productId: product.id, quantity: 1 }]);
    const bought = (await Promise.all(Array.from({ length: 7 }, buy))).map(({ body }) => body.id);

    const seen: OrderResponse[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const path: string = `/v1/orders?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const { body } = await customer.get<{ items: OrderResponse[]; nextCursor: string | null }>(path);
      seen.push(...body.items);
      cursor = body.nextCursor;
    }

    expect(seen.map(({ id }) => id).sort()).toEqual(bought.sort());
    const times = seen.map(({ createdAt }) => createdAt);
    expect(times).toEqual(times.toSorted().reverse());
  });

  it('buys at most 99 of a line and 50 lines, each product added up however its id is written', async () => {
    const customer = await anyone().newCustomer();
    const product = await admin.newProduct(500, 10);
    const line = (quantity: number, productId = product.id) => ({ productId, quantity });

    for (const quantity of [0, 100, 1.5]) expectBadField(await customer.buy([line(quantity)]), 'items.0.quantity');
    expectBadField(await customer.buy([]), 'items');
    expectBadField(await customer.buy(Array.from({ length: 51 }, () => line(1))), 'items');
    const fifty = await customer.buy(Array.from({ length: 50 }, () => line(1)));
    const shouted = await customer.buy([line(1), line(2, product.id.toUpperCase())]);

    expect(fifty.body.items, fifty.text).toMatchObject([{ quantity: 50 }]);
    expect(shouted.body.items, shouted.text).toMatchObject([{ productId: product.id, quantity: 3 }]);
    expect(await admin.inventory(product.id)).toMatchObject({ sold: 53 });
  });

  it('cancels with a key, and gets the same answer for the same key', async () => {
    const customer = await anyone().newCustomer();
    const product = await admin.newProduct(5);
    const [first, second] = [
      await customer.buy([{ productId: product.id, quantity: 1 }]),
      await customer.buy([{ productId: product.id, quantity: 1 }]),
    ];
    const key = randomUUID();
    const cancel = (id: string, with_?: string) => customer.post<OrderResponse>(`/v1/orders/${id}/cancel`, undefined, with_);

    expectBadField(await cancel(first.body.id), 'Idempotency-Key');
    const done = await cancel(first.body.id, key);
    const again = await cancel(first.body.id, key);
    const other = await cancel(second.body.id, key);

    expect([done.status, done.body.status]).toEqual([200, 'cancelled']);
    expect([again.status, again.body, again.headers.get('idempotency-replayed')]).toEqual([200, done.body, 'true']);
    expectProblem(other, 422);
    expectProblem(await cancel(first.body.id, randomUUID()), 409);
    expectProblem(await cancel(randomUUID(), randomUUID()), 404);
  });

  it('may use one key for an order and for a cancel: keys belong to a route', async () => {
    const customer = await anyone().newCustomer();
    const product = await admin.newProduct(5);
    const key = 'k'.repeat(255);
    const bought = await customer.buy([{ productId: product.id, quantity: 1 }], { key });

    const cancelled = await customer.post(`/v1/orders/${bought.body.id}/cancel`, undefined, key);

    expect([bought.status, cancelled.status]).toEqual([201, 200]);
  });
});
