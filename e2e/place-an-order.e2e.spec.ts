import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectBooksToAgree } from './books.ts';
import { administrator, anyone, provider } from './people.ts';
import { ShopClient, shippingAddress } from './shop.client.ts';

describe('placing an order', () => {
  let admin: ShopClient;
  let customer: ShopClient;

  beforeAll(async () => {
    admin = await administrator();
    customer = await anyone().newCustomer();
  });

  it('sells a product: 201, charged once, stock sold, history kept', async () => {
    const product = await admin.newProduct(5, 1299);

    const bought = await customer.buy([{ productId: product.id, quantity: 2 }]);

    expect(bought.status, bought.text).toBe(201);
    expect(bought.headers.get('location')).toBe(`/v1/orders/${bought.body.id}`);
    expect(bought.body).toMatchObject({
      status: 'confirmed',
      total: { amount: 2598, currency: 'EUR' },
      shippingAddress,
      version: 2,
    });
    expect(bought.body.history.map(({ status, version }) => [status, version])).toEqual([
      ['pending', 1],
      ['confirmed', 2],
    ]);
    expect(await customer.order(bought.body.id)).toEqual(bought.body);
    expect(await admin.inventory(product.id)).toEqual({ supplied: 5, onHand: 3, reserved: 0, sold: 2 });
    await expectBooksToAgree(admin, provider(), [product.id], [bought.body]);
  });

  it('refuses a declined card with 402, charges nothing and puts the stock back', async () => {
    const product = await admin.newProduct(3);

    const refused = await customer.buy([{ productId: product.id, quantity: 2 }], { paymentMethod: 'pm_card_chargeDeclined' });

    expect(refused.status, refused.text).toBe(402);
    expect(refused.headers.get('content-type')).toContain('application/problem+json');
    expect(refused.body).toMatchObject({ status: 402, code: 'payment-declined' });
    expect(await admin.inventory(product.id)).toEqual({ supplied: 3, onHand: 3, reserved: 0, sold: 0 });
    const order = await customer.order(refused.body.orderId ?? '');
    expect(order.status).toBe('rejected');
    await expectBooksToAgree(admin, provider(), [product.id], [order]);
  });

  it('refuses what is out of stock with 409 and charges nothing', async () => {
    const product = await admin.newProduct(1);

    const refused = await customer.buy([{ productId: product.id, quantity: 2 }]);

    expect(refused.status, refused.text).toBe(409);
    expect(refused.body).toMatchObject({ code: 'out-of-stock' });
    const order = await customer.order(refused.body.orderId ?? '');
    await expectBooksToAgree(admin, provider(), [product.id], [order]);
  });

  it('adds up the same product on two lines', async () => {
    const product = await admin.newProduct(3);
    const line = { productId: product.id, quantity: 2 };

    const tooMany = await customer.buy([line, line]);
    const enough = await customer.buy([line, { ...line, quantity: 1 }]);

    expect(tooMany.status, tooMany.text).toBe(409);
    expect(enough.status, enough.text).toBe(201);
    expect(enough.body.items).toMatchObject([{ productId: product.id, quantity: 3 }]);
    await expectBooksToAgree(admin, provider(), [product.id], [enough.body]);
  });

  it('refuses a price in the body: prices are the shop’s word', async () => {
    const product = await admin.newProduct(3, 5000);
    const items = [{ productId: product.id, quantity: 1, unitPrice: { amount: 1, currency: 'EUR' } }];

    const cheap = await customer.post('/v1/orders', { items, shippingAddress, paymentMethod: 'pm_card_visa' }, randomUUID());

    expect(cheap.status).toBe(400);
    expect(JSON.stringify(cheap.body.errors)).toContain('unitPrice');
    await expectBooksToAgree(admin, provider(), [product.id], []);
  });

  it('shows another customer’s order to nobody', async () => {
    const product = await admin.newProduct(2);
    const bought = await customer.buy([{ productId: product.id, quantity: 1 }]);
    const other = await anyone().newCustomer();

    const read = await other.get(`/v1/orders/${bought.body.id}`);
    const cancelled = await other.post(`/v1/orders/${bought.body.id}/cancel`, undefined, randomUUID());

    expect([read.status, cancelled.status]).toEqual([404, 404]);
    expect(read.body.code).toBe('order-not-found');
  });

  it('buys the cart and empties it; a refused purchase gives it back', async () => {
    const product = await admin.newProduct(5, 700);
    const shopper = await anyone().newCustomer();
    await shopper.call('PUT', `/v1/cart/items/${product.id}`, { body: { quantity: 2 } });

    const refused = await shopper.buy(undefined, { paymentMethod: 'pm_card_chargeDeclinedInsufficientFunds' });
    const kept = await shopper.cart();
    const bought = await shopper.buy(undefined);
    const emptied = await shopper.cart();

    expect(refused.status, refused.text).toBe(402);
    expect(kept.total.amount).toBe(1400);
    expect(bought.status, bought.text).toBe(201);
    expect(emptied).toEqual({ items: [], total: { amount: 0, currency: 'EUR' } });
    await expectBooksToAgree(admin, provider(), [product.id], [bought.body]);
  });

  it('asks for a product that exists', async () => {
    const unknown = await customer.buy([{ productId: randomUUID(), quantity: 1 }]);

    expect(unknown.status).toBe(400);
    expect(JSON.stringify(unknown.body)).toContain('items.0.productId');
  });
});
