import { randomUUID } from 'node:crypto';
import type { OrderResponse } from '@emporium/contracts/order';
import { beforeAll, describe, expect, it } from 'vitest';
import { expectBooksToAgree } from './books.ts';
import { administrator, anyone, provider } from './people.ts';
import type { ShopClient } from './shop.client.ts';

describe('after a purchase', () => {
  let admin: ShopClient;
  let customer: ShopClient;

  beforeAll(async () => {
    admin = await administrator();
    customer = await anyone().newCustomer();
  });

  it('cancelling refunds in full and puts the units back', async () => {
    const product = await admin.newProduct(4, 900);
    const bought = await customer.buy([{ productId: product.id, quantity: 3 }]);

    const cancelled = await customer.post<OrderResponse>(`/v1/orders/${bought.body.id}/cancel`, undefined, randomUUID());

    expect(cancelled.status, cancelled.text).toBe(200);
    expect(cancelled.body.status).toBe('cancelled');
    await expect.poll(() => provider().kept(bought.body.id), { timeout: 10_000 }).toBe(0);
    await expect.poll(() => admin.inventory(product.id), { timeout: 10_000 }).toMatchObject({ supplied: 4, onHand: 4, sold: 0 });
    await expectBooksToAgree(admin, provider(), [product.id], [cancelled.body]);
  });

  it('twenty cancels at once, each with its own key, refund once', async () => {
    const product = await admin.newProduct(4, 900);
    const bought = await customer.buy([{ productId: product.id, quantity: 1 }]);

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => customer.post(`/v1/orders/${bought.body.id}/cancel`, undefined, randomUUID())),
    );

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
    await expect.poll(() => provider().kept(bought.body.id), { timeout: 10_000 }).toBe(0);
    await expect.poll(() => admin.inventory(product.id), { timeout: 10_000 }).toMatchObject({ onHand: 4 });
    await expectBooksToAgree(admin, provider(), [product.id], [await customer.order(bought.body.id)]);
  });

  it('two refunds of 60 % at once: exactly one passes, and nothing is restocked', async () => {
    const product = await admin.newProduct(2, 1000);
    const bought = await customer.buy([{ productId: product.id, quantity: 1 }]);
    const refund = { amount: { amount: 600, currency: 'EUR' }, reason: 'a scratch' };

    const answers = await Promise.all(
      [1, 2].map(() => admin.post(`/v1/admin/orders/${bought.body.id}/refunds`, refund, randomUUID())),
    );

    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expect(await provider().kept(bought.body.id)).toBe(400);
    expect(await admin.inventory(product.id)).toMatchObject({ onHand: 1, sold: 1 });
    await expectBooksToAgree(admin, provider(), [product.id], [bought.body]);
  });

  it('a partly refunded order is cancelled for the rest', async () => {
    const product = await admin.newProduct(2, 1000);
    const bought = await customer.buy([{ productId: product.id, quantity: 1 }]);
    const key = randomUUID();
    const refund = { amount: { amount: 250, currency: 'EUR' }, reason: 'late' };

    const first = await admin.post(`/v1/admin/orders/${bought.body.id}/refunds`, refund, key);
    const again = await admin.post(`/v1/admin/orders/${bought.body.id}/refunds`, refund, key);
    const cancelled = await customer.post<OrderResponse>(`/v1/orders/${bought.body.id}/cancel`, undefined, randomUUID());

    expect([first.status, again.status, cancelled.status]).toEqual([201, 201, 200]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    await expect.poll(() => provider().kept(bought.body.id), { timeout: 10_000 }).toBe(0);
    await expect.poll(() => admin.inventory(product.id), { timeout: 10_000 }).toMatchObject({ onHand: 2, sold: 0 });
    await expectBooksToAgree(admin, provider(), [product.id], [cancelled.body]);
  });

  it('a shipped order is delivered, and can no longer be cancelled', async () => {
    const product = await admin.newProduct(2);
    const bought = await customer.buy([{ productId: product.id, quantity: 1 }]);

    const shipped = await admin.post<OrderResponse>(`/v1/admin/orders/${bought.body.id}/ship`);
    const cancelled = await customer.post(`/v1/orders/${bought.body.id}/cancel`, undefined, randomUUID());
    const delivered = await admin.post<OrderResponse>(`/v1/admin/orders/${bought.body.id}/deliver`);

    expect([shipped.status, cancelled.status, delivered.status]).toEqual([200, 409, 200]);
    expect(delivered.body.history.map(({ status }) => status)).toEqual(['pending', 'confirmed', 'shipped', 'delivered']);
    await expectBooksToAgree(admin, provider(), [product.id], [delivered.body]);
  });
});
