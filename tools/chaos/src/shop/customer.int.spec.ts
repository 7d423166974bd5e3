import { type FakeAnswer, type FakeHttp, fakeHttp } from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Person } from '../people/person.ts';
import { Customer } from './customer.ts';
import { Recorder } from './recorder.ts';
import { Shop } from './shop.ts';

let platform: FakeHttp;
let shop: Shop;
let customer: Customer;
beforeEach(async () => {
  platform = await fakeHttp();
  shop = new Shop(platform.url, new Recorder());
  customer = new Customer(shop, { id: 'u-1', token: () => 'token' } satisfies Person);
});
afterEach(async () => {
  shop.close();
  await platform.close();
});

const items = [{ productId: 'p-1', quantity: 2 }];
const order = (more: object = {}) => ({ id: 'o-1', userId: 'u-1', status: 'confirmed', items, ...more });
const refusal = (status: number, code: string, more: object = {}): FakeAnswer => ({
  status,
  headers: { 'retry-after': '0' },
  body: { type: 't', title: 't', status, detail: 'd', instance: '/', requestId: 'r', code, ...more },
});
/** One answer after the other, the last for ever. */
const inTurn = (route: string, ...answers: FakeAnswer[]) => {
  let turn = 0;
  platform.on(route, () => answers[Math.min(turn++, answers.length - 1)] as FakeAnswer);
};
const rules = () => shop.recorder.chapter.breaches.map(({ rule }) => rule);

describe('a purchase', () => {
  it('repeats its key until there is a definite answer, and remembers every answer', async () => {
    inTurn(
      'POST /v1/orders',
      refusal(503, 'checkout-busy'),
      'drop',
      refusal(409, 'in-progress'),
      refusal(504, 'timeout'),
      { status: 202, body: order({ status: 'pending' }) },
      refusal(500, 'internal'),
    );

    const purchase = await customer.buy(items);

    const keys = platform.callsOf('POST', '/v1/orders').map(({ headers }) => headers['idempotency-key']);
    expect(keys).toEqual(Array(5).fill(purchase.key));
    expect(purchase).toMatchObject({ state: 'accepted', status: 202, orderId: 'o-1' });
    expect(purchase.answers.map(({ status }) => status)).toEqual([503, undefined, 409, 504, 202]);
    expect(shop.recorder.chapter.counts()).toEqual({ ok: 1, fail: 3, unknown: 1 });
    expect(shop.recorder.chapter.purchases).toEqual([purchase]);
    expect(rules()).toEqual([]);
  });

  it.each([
    ['declined', refusal(402, 'payment-declined', { orderId: 'o-1' }), 'pm_card_chargeDeclined'],
    ['out of stock', refusal(409, 'out-of-stock', { orderId: 'o-1' }), undefined],
  ])('takes no for an answer: %s', async (_, answer, card) => {
    platform.on('POST /v1/orders', answer);

    const purchase = await customer.buy(items, { card });

    expect(purchase).toMatchObject({ state: 'refused', orderId: 'o-1' });
    expect(platform.calls).toHaveLength(1);
    expect(rules()).toEqual([]);
  });

  it('gives up when patience is over', async () => {
    platform.on('POST /v1/orders', refusal(503, 'unavailable'));

    expect((await customer.buy(items, { patienceMs: 0 })).state).toBe('given-up');
  });

  it('carries its key in the address, so that its orders are known whatever the platform notes', async () => {
    platform.on('POST /v1/orders', { status: 201, body: order() });

    const { key } = await customer.buy(items);

    expect(platform.calls[0]?.body).toMatchObject({ items, shippingAddress: { line2: key }, paymentMethod: 'pm_card_visa' });
  });

  it("that shows another customer's order is a breach", async () => {
    platform.on('POST /v1/orders', { status: 201, body: order({ userId: 'u-2' }) });

    await customer.buy(items);

    expect(rules()).toEqual(['no-foreign-data']);
  });
});

describe('a customer who looks again', () => {
  beforeEach(() => platform.on('POST /v1/orders', { status: 201, body: order() }));

  it('finds the accepted order, and breaches when he does not', async () => {
    await customer.buy(items);
    platform.on('GET /v1/orders/:id', { body: order() });
    platform.on('GET /v1/orders', { body: { items: [order()], nextCursor: null } });
    await customer.order('o-1');
    await customer.orders();
    expect(rules()).toEqual([]);

    platform.on('GET /v1/orders/:id', refusal(404, 'order-not-found'));
    platform.on('GET /v1/orders', { body: { items: [], nextCursor: null } });
    await customer.order('o-1');
    await customer.orders();

    expect(rules()).toEqual(['own-writes-visible', 'own-writes-visible']);
  });

  it("breaches when he is shown somebody else's", async () => {
    platform.on('GET /v1/orders/:id', { body: order({ userId: 'u-2' }) });

    await customer.order('o-2');

    expect(rules()).toEqual(['no-foreign-data']);
  });

  it('is told that a cancelled order is cancelled', async () => {
    inTurn(
      'POST /v1/orders/:id/cancel',
      refusal(503, 'unavailable'),
      refusal(409, 'in-progress'),
      { status: 200, body: order({ status: 'cancelled' }) },
      { status: 200, body: order() },
    );

    expect(await customer.cancel('o-1')).toBe(200);
    expect(rules()).toEqual([]);
    expect(new Set(platform.calls.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);

    await customer.cancel('o-1');
    expect(rules()).toEqual(['own-writes-visible']);
  });
});

describe('a cart', () => {
  const cart = (...products: [string, number][]) => ({
    body: { items: products.map(([productId, quantity]) => ({ productId, quantity })), total: { amount: 1, currency: 'EUR' } },
  });
  beforeEach(() => platform.on('PUT /v1/cart/items/:id', cart(['p-1', 2])));

  it('shows what was put into it', async () => {
    platform.on('GET /v1/cart', cart(['p-1', 2]));

    await customer.put('p-1', 2);
    await customer.cart();

    expect(rules()).toEqual([]);
  });

  it.each([
    ['what was put is missing', cart(), 'own-writes-visible'],
    ['the quantity is another', cart(['p-1', 1]), 'own-writes-visible'],
    ['somebody else put something in', cart(['p-1', 2], ['p-9', 1]), 'no-foreign-data'],
  ])('breaches when %s', async (_, shown, rule) => {
    platform.on('GET /v1/cart', shown);

    await customer.put('p-1', 2);
    await customer.cart();

    expect(rules()).toEqual([rule]);
  });

  it('proves nothing while nobody knows what is in it', async () => {
    inTurn('PUT /v1/cart/items/:id', 'drop', cart(['p-1', 2]));
    platform.on('GET /v1/cart', cart(['p-9', 1]));

    await customer.put('p-1', 2);
    await customer.put('p-1', 2);
    await customer.cart();

    expect(rules()).toEqual([]);
  });
});
