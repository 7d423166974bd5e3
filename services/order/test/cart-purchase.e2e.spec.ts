import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { type Customer, orderWorld } from './order-world.ts';

describe('the purchase of a cart', () => {
  const world = orderWorld('order_cart_purchases', { CHECKOUT_RECOVERY_DELAY_MS: '3000' });
  let customer: Customer;
  const one = (productId: string, quantity = 1) => ({ items: [{ productId, quantity }] });

  beforeEach(() => {
    customer = world.customer();
  });

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

  it('gives it back when the card is declined', async () => {
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
    world.products.http.on('PUT /internal/reservations/:orderId', async (_, { orderId = '' }) => {
      for (const product of fresh) await customer.put(product, 1);
      return { status: 409, body: { status: 409, code: 'out-of-stock', title: 'No', detail: orderId } };
    });

    const { status } = await customer.buy();

    expect(status).toBe(409);
    expect((await customer.call('GET', '/v1/orders')).body.items[0].status).toBe('rejected');
    expect((await customer.call('GET', '/v1/cart')).body.items).toHaveLength(50);
  });
});
