import { randomUUID } from 'node:crypto';
import { Replica } from '@emporium/postgres';
import { testStandby } from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { orderWorld } from './order-world.ts';

const standby = await testStandby();

describe('an order service with a replica', { timeout: 60_000 }, () => {
  const world = orderWorld('order_replica', (db) => ({
    DATABASE_REPLICA_URL: standby.urlOf(db),
    DATABASE_REPLICA_MAX_LAG_MS: '60000',
  }));
  const isUsed = () => expect.poll(() => world.app.get(Replica).isUsed, { timeout: 20_000 });
  const idsOf = (body: { items: { id: string }[] }) => body.items.map(({ id }) => id);
  const listed = async () => idsOf((await world.staff('support', 'GET', '/v1/admin/orders?limit=100')).body);

  beforeEach(async () => {
    await standby.caughtUp();
    await isUsed().toBe(true);
    await standby.pause();
  });
  afterEach(() => standby.resume());

  it('shows staff the list of all orders from it', async () => {
    const items = [{ productId: world.products.onSale(), quantity: 1 }];
    const { status, body } = await world.customer().buy({ items });

    expect(status).toBe(201);
    expect(await listed()).not.toContain(body.id);
    await standby.resume();
    expect(await listed()).toContain(body.id);
  });

  it('shows customers what they did, keeps their keys and moves money without it', async () => {
    const customer = world.customer();
    const productId = world.products.onSale();
    expect((await customer.put(productId, 3)).status).toBe(200);
    expect(await customer.cart()).toEqual([{ productId, quantity: 3 }]);

    const key = randomUUID();
    const bought = await customer.buy({}, key);
    expect(bought.status).toBe(201);
    expect((await customer.buy({}, key)).headers.get('idempotency-replayed')).toBe('true');
    expect(await customer.cart()).toEqual([]);
    expect(idsOf((await customer.call('GET', '/v1/orders')).body)).toEqual([bought.body.id]);
    expect((await customer.call('GET', `/v1/orders/${bought.body.id}`)).body.status).toBe('confirmed');

    const { id } = bought.body;
    expect((await world.staff('admin', 'GET', `/v1/admin/orders/${id}`)).body.status).toBe('confirmed');
    const amount = { amount: 1, currency: 'EUR' };
    const refund = await world.staff(
      'admin',
      'POST',
      `/v1/admin/orders/${id}/refunds`,
      { amount, reason: 'Sorry' },
      randomUUID(),
    );
    expect(refund.status).toBe(201);
    expect((await customer.cancel(id)).body.status).toBe('cancelled');
    expect((await customer.call('GET', `/v1/orders/${id}`)).body.status).toBe('cancelled');
  });

  it('answers from the primary while it is away, and is ready', async () => {
    const { body } = await world.customer().buy({ items: [{ productId: world.products.onSale(), quantity: 1 }] });
    await standby.stop();
    try {
      await isUsed().toBe(false);
      expect(await listed()).toContain(body.id);
      expect((await world.app.request('GET', '/ready')).status).toBe(200);
    } finally {
      await standby.start();
    }
  });
});
