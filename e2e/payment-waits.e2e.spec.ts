import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectBooksToAgree } from './books.ts';
import { administrator, anyone, provider } from './people.ts';
import type { ShopClient } from './shop.client.ts';

describe('when the payment provider', () => {
  let admin: ShopClient;
  let customer: ShopClient;

  beforeAll(async () => {
    admin = await administrator();
    customer = await anyone().newCustomer();
  });

  it.each([
    ['hangs before it charges', { fault: 'hang', on: 'charge', acts: false }],
    ['charges and then hangs', { fault: 'hang', on: 'charge', acts: true }],
    ['charges and loses the reply', { fault: 'lose-reply', on: 'charge' }],
    ['fails, and did nothing', { fault: 'fail', on: 'charge', status: 500 }],
    ['fails, but has charged', { fault: 'fail', on: 'charge', status: 500, acts: true }],
  ])('%s, the order is accepted and finishes by itself, charged once', async (_, fault) => {
    const product = await admin.newProduct(2);
    const key = randomUUID();
    await provider().script(fault);

    const bought = await customer.buy([{ productId: product.id, quantity: 1 }], { key });

    expect([201, 202], bought.text).toContain(bought.status);
    expect(bought.headers.get('location')).toBe(`/v1/orders/${bought.body.id}`);
    await expect
      .poll(async () => (await customer.order(bought.body.id)).status, { timeout: 60_000, interval: 200 })
      .toBe('confirmed');
    await expectBooksToAgree(admin, provider(), [product.id], [await customer.order(bought.body.id)]);
  });

  it('hangs on a refund, the refund is accepted within 3 s and given by itself, once', async () => {
    const product = await admin.newProduct(2, 1_000);
    const bought = await customer.buy([{ productId: product.id, quantity: 1 }]);
    const refund = { amount: { amount: 400, currency: 'EUR' }, reason: 'a scratch' };
    await provider().script({ fault: 'hang', on: 'refund', acts: true });

    const begun = performance.now();
    const asked = await admin.post(`/v1/admin/orders/${bought.body.id}/refunds`, refund, randomUUID());

    expect(asked.status, asked.text).toBe(202);
    expect(asked.body).toMatchObject({ orderId: bought.body.id, ...refund, status: 'pending' });
    expect(performance.now() - begun).toBeLessThan(3_000);
    await expect
      .poll(async () => (await admin.payments(bought.body.id))[0]?.refunded.amount, { timeout: 30_000, interval: 200 })
      .toBe(400);
    await expectBooksToAgree(admin, provider(), [product.id], [bought.body]);
  });
});
