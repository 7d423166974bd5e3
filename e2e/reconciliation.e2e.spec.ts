import { randomUUID } from 'node:crypto';
import type { ReconciliationResponse } from '@emporium/contracts/order';
import { beforeAll, describe, expect, it } from 'vitest';
import { administrator, anyone, provider } from './people.ts';
import type { ShopClient } from './shop.client.ts';

describe('reconciliation', () => {
  const begun = new Date();
  let admin: ShopClient;
  let customer: ShopClient;

  beforeAll(async () => {
    admin = await administrator();
    customer = await anyone().newCustomer();
  });

  const about = ({ items }: ReconciliationResponse, ids: readonly string[]) =>
    items.filter(({ subjectId }) => ids.includes(subjectId)).map(({ kind, reference, state }) => ({ kind, reference, state }));
  const charge = async (orderId: string) =>
    (
      await provider().behindTheShopsBack('payment_intents', {
        amount: '500',
        currency: 'eur',
        payment_method: 'pm_card_visa',
        confirm: 'true',
        'metadata[order_id]': orderId,
      })
    ).id;

  it('finds nothing after purchases, declines, sold-out goods, cancels and refunds', async () => {
    const product = await admin.newProduct(20, 1_000);
    const buy = async (options = {}) => {
      const { body } = await customer.buy([{ productId: product.id, quantity: 2 }], options);
      return body.id ?? body.orderId;
    };
    const orders = [await buy(), await buy(), await buy(), await buy({ paymentMethod: 'pm_card_chargeDeclined' })];
    const [, refunded, cancelled] = orders;
    await customer.buy([{ productId: product.id, quantity: 99 }]);
    const refund = { amount: { amount: 700, currency: 'EUR' }, reason: 'a scratch' };
    expect((await admin.post(`/v1/admin/orders/${refunded}/refunds`, refund, randomUUID())).status).toBe(201);
    expect((await customer.post(`/v1/orders/${cancelled}/cancel`, undefined, randomUUID())).status).toBe(200);
    await expect.poll(() => provider().kept(cancelled ?? ''), { timeout: 10_000 }).toBe(0);

    const standing = await admin.reconcile(begun);

    expect(about(standing, [...orders, product.id])).toEqual([]);
    expect(standing.last).toMatchObject({ status: 'succeeded', since: begun.toISOString() });
    const compared = Object.fromEntries(standing.last?.parts.map((part) => [part.part, part.compared]) ?? []);
    expect(compared.orders).toBeGreaterThanOrEqual(5);
    expect(compared.provider).toBeGreaterThanOrEqual(5);
    expect(compared.stock).toBeGreaterThanOrEqual(1);
  });

  it('reports charges made behind the back of the shop, until they are given back', async () => {
    const product = await admin.newProduct(2, 1_000);
    const { id: orderId } = (await customer.buy([{ productId: product.id, quantity: 1 }])).body;
    const strange = randomUUID();
    const [second, unknown] = [await charge(orderId), await charge(strange)];

    // What the provider lists is cut to whole seconds.
    const seen = await admin.reconcile(new Date(Date.now() - 5_000));

    expect(about(seen, [orderId])).toEqual([{ kind: 'charged-twice', reference: second, state: 'open' }]);
    expect(about(seen, [strange])).toEqual([{ kind: 'charge-unknown', reference: unknown, state: 'open' }]);
    for (const reference of [second, unknown]) await provider().behindTheShopsBack('refunds', { payment_intent: reference });
    expect(about(await admin.reconcile(new Date(Date.now() - 5_000)), [orderId, strange])).toEqual([]);
  });

  it('finds nothing in all that happened in this shop so far', async () => {
    const { items, counts, last } = await admin.reconcile(new Date(0));

    expect(items).toEqual([]);
    expect(counts).toEqual({ open: 0, repaired: 0, waiting: 0 });
    expect(last?.status).toBe('succeeded');
  });
});
