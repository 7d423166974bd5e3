import { randomUUID } from 'node:crypto';
import { cartResponse } from '@emporium/contracts/order';
import { describe, expect, it } from 'vitest';
import { orderWorld } from './order-world.ts';

describe('a cart', () => {
  const world = orderWorld('order_carts');

  it('is empty before anything is put in, and priced by the product service', async () => {
    const customer = world.customer();
    const [lamp, chair] = [world.products.onSale(10, 1_299), world.products.onSale(10, 9_900)];

    expect((await customer.call('GET', '/v1/cart')).body).toEqual({ items: [], total: { amount: 0, currency: 'EUR' } });
    await customer.put(lamp, 2);
    world.products.http.calls.length = 0;
    const { status, body } = await customer.put(chair, 1);

    expect(status).toBe(200);
    expect(world.products.http.calls).toHaveLength(1);
    expect(cartResponse.strict().parse(body)).toMatchObject({
      items: [
        { productId: lamp, quantity: 2, unitPrice: { amount: 1_299 }, lineTotal: { amount: 2_598 } },
        { productId: chair, quantity: 1 },
      ],
      total: { amount: 12_498, currency: 'EUR' },
    });
    expect((await customer.call('GET', '/v1/cart')).body).toEqual(body);
  });

  it('keeps the last quantity of a product, whatever the case of its id', async () => {
    const customer = world.customer();
    const lamp = world.products.onSale();

    await customer.put(lamp, 1);
    await customer.put(lamp.toUpperCase(), 99);

    expect(await customer.cart()).toEqual([{ productId: lamp, quantity: 99 }]);
  });

  it('loses a product that is taken out, and everything when it is cleared', async () => {
    const customer = world.customer();
    const [lamp, chair, table] = [world.products.onSale(), world.products.onSale(), world.products.onSale()];
    for (const product of [lamp, chair, table]) await customer.put(product, 1);

    const removed = await customer.call('DELETE', `/v1/cart/items/${chair}`);
    const again = await customer.call('DELETE', `/v1/cart/items/${chair}`);
    const left = await customer.cart();
    const cleared = await customer.call('DELETE', '/v1/cart');

    expect([removed.status, again.status]).toEqual([200, 200]);
    expect(left.map(({ productId }) => productId)).toEqual([lamp, table]);
    expect(cleared).toMatchObject({ status: 200, body: { items: [], total: { amount: 0 } } });
    expect(await customer.cart()).toEqual([]);
  });

  it.each([0, -1, 100, 1.5, '2', null, 1e300])('takes 1 to 99 pieces of a product, not %j', async (quantity) => {
    const { status, body } = await world.customer().put(world.products.onSale(), quantity);

    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ field: 'quantity' }]);
  });

  it('takes no product that is not on sale', async () => {
    const customer = world.customer();

    expect(await customer.put(randomUUID(), 1)).toMatchObject({ status: 404, body: { code: 'product-not-found' } });
    expect(await customer.cart()).toEqual([]);
  });

  it('loses what leaves the catalogue', async () => {
    const customer = world.customer();
    const [lamp, ...withdrawn] = [world.products.onSale(), world.products.onSale(), world.products.onSale()];
    for (const product of [lamp, ...withdrawn]) await customer.put(product, 1);
    for (const product of withdrawn) world.products.withdraw(product);

    expect(await customer.cart()).toEqual([{ productId: lamp, quantity: 1 }]);
    world.products.withdraw(lamp);
    expect(await customer.cart()).toEqual([]);
  });

  it('holds fifty products, also when sixty are put in at once', async () => {
    const customer = world.customer();
    const products = Array.from({ length: 60 }, () => world.products.onSale());

    const answers = await Promise.all(products.map((product) => customer.put(product, 1)));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(50);
    for (const { status, body } of answers.filter((answer) => answer.status !== 200))
      expect([status, body.code]).toEqual([409, 'cart-is-full']);
    const cart = await customer.cart();
    expect(cart).toHaveLength(50);
    expect((await customer.put(cart[0]?.productId ?? '', 7)).status).toBe(200);
  });

  it('belongs to one customer', async () => {
    const [one, other] = [world.customer(), world.customer()];
    await one.put(world.products.onSale(), 1);

    expect(await other.cart()).toEqual([]);
    expect((await world.app.request('GET', '/v1/cart')).status).toBe(401);
  });

  it.each([['hang' as const], ['drop' as const], [{ status: 503 }]])(
    'answers 503 or 504 within 3 s when the product service is in trouble (%j), and can still be cleared',
    async (trouble) => {
      const customer = world.customer();
      await customer.put(world.products.onSale(), 1);
      world.products.trouble = trouble;

      const begun = performance.now();
      const { status, headers } = await customer.call('GET', '/v1/cart');

      expect([503, 504]).toContain(status);
      expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(performance.now() - begun).toBeLessThan(3_000);
      expect((await customer.call('DELETE', '/v1/cart')).status).toBe(200);
    },
  );
});
