import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { address, type Customer, orderWorld } from './order-world.ts';

describe('the calls a purchase makes', () => {
  const world = orderWorld('order_calls', { BREAKER_RESET_MS: '60000' });
  let customer: Customer;

  beforeEach(() => {
    customer = world.customer();
    for (const { http } of [world.products, world.payments]) http.calls.splice(0);
  });

  const buy = (productId: string, headers: Record<string, string> = {}) =>
    customer.call(
      'POST',
      '/v1/orders',
      { items: [{ productId, quantity: 1 }], shippingAddress: address, paymentMethod: 'pm_card_visa' },
      { 'idempotency-key': randomUUID(), ...headers },
    );
  const calls = () => [...world.products.http.calls, ...world.payments.http.calls];

  it('take the time their request has left along, and never more', async () => {
    const answer = await buy(world.products.onSale(), { 'x-request-timeout-ms': '1500' });

    expect(answer.status).toBe(201);
    expect(calls().length).toBeGreaterThanOrEqual(4);
    for (const { headers } of calls()) {
      expect(Number(headers['x-request-timeout-ms'])).toBeGreaterThan(0);
      expect(Number(headers['x-request-timeout-ms'])).toBeLessThanOrEqual(1_500);
    }
  });

  it('are not begun for a request whose time is over, not even in the database', async () => {
    const lamp = world.products.onSale();
    world.products.trouble = 'hang';

    const late = await buy(lamp, { 'x-request-timeout-ms': '300' });

    expect(late.status).toBe(504);
    expect(calls()).toHaveLength(1);
    expect((await customer.call('GET', '/v1/orders')).body.items).toEqual([]);
  });

  it('are repeated here once at most, and nowhere else: a product service that is busy hears two of one question', async () => {
    const lamp = world.products.onSale();
    world.products.trouble = { status: 503, body: {} };

    expect((await buy(lamp)).status).toBe(503);

    expect(world.products.http.calls.length).toBeGreaterThanOrEqual(1);
    expect(world.products.http.calls.length).toBeLessThanOrEqual(2);
  });

  it('go on when the payment service says of many payments that they are being made: that is no fault of its', async () => {
    world.payments.trouble = { status: 503, headers: { 'retry-after': '1' }, body: { code: 'payment-in-progress' } };
    for (let turn = 0; turn < 20; turn += 1) expect((await buy(world.products.onSale())).status).toBe(202);
    world.payments.trouble = undefined;

    expect((await buy(world.products.onSale())).status).toBe(201);
  });
});
