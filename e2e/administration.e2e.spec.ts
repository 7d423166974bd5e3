import { randomUUID } from 'node:crypto';
import type { OrderResponse } from '@emporium/contracts/order';
import type { InventoryResponse, ProductResponse } from '@emporium/contracts/product';
import { beforeAll, describe, expect, it } from 'vitest';
import { administrator, anyone } from './people.ts';
import { expectBadField, expectProblem } from './problem.ts';
import type { ShopClient } from './shop.client.ts';

const price = { amount: 1299, currency: 'EUR' };
let category: string;
const draft = () => ({
  sku: `ADM-${randomUUID()}`,
  name: 'A thing',
  description: 'Made by a test.',
  category,
  price,
});

describe('an administrator', () => {
  let admin: ShopClient;
  let customer: ShopClient;

  beforeAll(async () => {
    admin = await administrator();
    customer = await anyone().newCustomer();
    ({ category } = await admin.newProduct(0));
  });

  const move = (id: string, quantity: number) =>
    admin.post<InventoryResponse>(`/v1/products/${id}/stock-movements`, { quantity, reason: 'counted' });

  describe('keeps products', () => {
    it('puts one on sale, with 201 and its address', async () => {
      const body = draft();
      const created = await admin.post<ProductResponse>('/v1/products', { ...body, initialStock: 7 });

      expect(created.status, created.text).toBe(201);
      expect(created.body).toMatchObject({ ...body, available: 7, version: 1, imageUrl: expect.any(String) });
      expect(created.headers.get('location')).toBe(`/v1/products/${created.body.id}`);
      expect((await anyone().get(`/v1/products/${created.body.id}`)).body).toEqual(created.body);
      expectProblem(await admin.post('/v1/products', body), 409);
    });

    it('without initialStock has none', async () => {
      const { body } = await admin.post<ProductResponse>('/v1/products', draft());

      expect(body.available).toBe(0);
      expect(await admin.inventory(body.id)).toEqual({ supplied: 0, onHand: 0, reserved: 0, sold: 0 });
    });

    it('changes one, counts its versions, and loses no change of somebody else', async () => {
      const product = await admin.newProduct(1);
      const path = `/v1/products/${product.id}`;
      const etag = (await anyone().get(path)).headers.get('etag') ?? '';

      const renamed = await admin.call<ProductResponse>('PATCH', path, {
        body: { name: 'New name' },
        headers: { 'if-match': etag },
      });
      const late = await admin.call('PATCH', path, { body: { name: 'Too late' }, headers: { 'if-match': etag } });

      expect(renamed.status, renamed.text).toBe(200);
      expect(renamed.body).toMatchObject({ name: 'New name', version: product.version + 1, price: product.price });
      expectProblem(late, 412);
      expectBadField(await admin.call('PATCH', path, { body: { name: 'x', sku: 'other' } }), 'sku');
      expectProblem(await admin.call('PATCH', `/v1/products/${randomUUID()}`, { body: { name: 'x' } }), 404);
    });

    it('takes one off sale: it is gone for buyers, its books stay', async () => {
      const product = await admin.newProduct(5);
      const bought = await customer.buy([{ productId: product.id, quantity: 1 }]);

      expect((await admin.call('DELETE', `/v1/products/${product.id}`)).status).toBe(204);

      expectProblem(await anyone().get(`/v1/products/${product.id}`), 404);
      expectProblem(await admin.call('DELETE', `/v1/products/${product.id}`), 404);
      expectProblem(await customer.buy([{ productId: product.id, quantity: 1 }]), 400);
      expect(await admin.inventory(product.id)).toEqual({ supplied: 5, onHand: 4, reserved: 0, sold: 1 });
      expect((await customer.order(bought.body.id)).items[0]?.productId).toBe(product.id);
    });

    it.each([
      ['price.amount', { price: { amount: 0, currency: 'EUR' } }],
      ['price.currency', { price: { amount: 100, currency: 'eur' } }],
      ['price.currency', { price: { amount: 100, currency: 'USD' } }],
      ['initialStock', { initialStock: -1 }],
      ['sku', { sku: 'with space' }],
      ['category', { category: 'No Slug' }],
      ['imageUrl', { imageUrl: 'javascript:alert(1)' }],
      ['available', { available: 5 }],
    ])('refuses a bad %s: %j', async (field, bad) => {
      expectBadField(await admin.post('/v1/products', { ...draft(), ...bad }), field);
    });
  });

  describe('keeps stock', () => {
    it('adds and takes, and the sum always holds', async () => {
      const product = await admin.newProduct(5);
      await customer.buy([{ productId: product.id, quantity: 2 }]);

      const added = await move(product.id, 10);
      const taken = await move(product.id, -13);

      expect([added.status, added.body]).toEqual([201, { supplied: 15, onHand: 13, reserved: 0, sold: 2 }]);
      expect([taken.status, taken.body]).toEqual([201, { supplied: 2, onHand: 0, reserved: 0, sold: 2 }]);
      expectProblem(await move(product.id, -1), 409);
      expect(await admin.inventory(product.id)).toEqual(taken.body);
      expectBadField(await move(product.id, 0), 'quantity');
      expectProblem(await move(randomUUID(), 1), 404);
      expectProblem(await admin.get(`/v1/admin/products/${randomUUID()}/inventory`), 404);
    });

    it('takes no unit twice, however many try at once', async () => {
      const product = await admin.newProduct(5);

      const answers = await Promise.all(Array.from({ length: 10 }, () => move(product.id, -1)));

      expect(answers.filter(({ status }) => status === 201)).toHaveLength(5);
      expect(answers.filter(({ status }) => status === 409)).toHaveLength(5);
      expect(await admin.inventory(product.id)).toEqual({ supplied: 0, onHand: 0, reserved: 0, sold: 0 });
    });
  });

  describe('sees orders and money', () => {
    it('lists orders by status, each once, newest first', async () => {
      const product = await admin.newProduct(5);
      const ids = [];
      for (const quantity of [1, 2]) ids.unshift((await customer.buy([{ productId: product.id, quantity }])).body.id);

      const { items } = (await admin.get<{ items: OrderResponse[] }>('/v1/admin/orders?status=confirmed&limit=2')).body;

      expect(items.map(({ id }) => id)).toEqual(ids);
      expect(items.map(({ status }) => status)).toEqual(['confirmed', 'confirmed']);
      expect((await admin.get(`/v1/admin/orders/${ids[0]}`)).body).toEqual(await customer.order(ids[0] ?? ''));
    });

    it('finds the payment and the ledger of an order, and balances that sum to zero', async () => {
      const product = await admin.newProduct(5, 1000);
      const order = (await customer.buy([{ productId: product.id, quantity: 2 }])).body;
      const refund = { amount: { amount: 500, currency: 'EUR' }, reason: 'a scratch' };
      const refunded = await admin.post(`/v1/admin/orders/${order.id}/refunds`, refund, randomUUID());

      const [payment] = await admin.payments(order.id);
      const entries = await admin.ledger(order.id);
      const balances = (await admin.get<{ account: string; currency: string; balance: number }[]>('/v1/admin/ledger/balances'))
        .body;

      expect(refunded.status, refunded.text).toBe(201);
      expect(refunded.body).toMatchObject({ ...refund, orderId: order.id, status: 'succeeded' });
      expect(payment).toMatchObject({
        id: expect.any(String),
        orderId: order.id,
        status: 'succeeded',
        charged: { amount: 2000, currency: 'EUR' },
        refunded: { amount: 500, currency: 'EUR' },
        providerReference: expect.stringMatching(/^pi_/),
        createdAt: expect.any(String),
      });
      for (const entry of entries) {
        expect(Object.keys(entry).sort()).toEqual([
          'account',
          'amount',
          'at',
          'currency',
          'id',
          'orderId',
          'paymentId',
          'reason',
        ]);
      }
      const clearing = entries.filter(({ account }) => account === 'provider_clearing').map(({ amount }) => amount);
      expect(clearing.toSorted((a, b) => a - b)).toEqual([-500, 2000]);
      expect(balances).toContainEqual({ account: 'provider_clearing', currency: 'EUR', balance: expect.any(Number) });
      expect(balances.reduce((sum, { balance }) => sum + balance, 0)).toBe(0);
    });

    it('refunds no more than was paid, and nothing of an order that is not paid', async () => {
      const product = await admin.newProduct(1, 1000);
      const order = (await customer.buy([{ productId: product.id, quantity: 1 }])).body;
      const declined = (
        await customer.buy([{ productId: (await admin.newProduct(1)).id, quantity: 1 }], {
          paymentMethod: 'pm_card_chargeDeclined',
        })
      ).body;
      const give = (id: string, amount: number, currency = 'EUR') =>
        admin.post(`/v1/admin/orders/${id}/refunds`, { amount: { amount, currency }, reason: 'r' }, randomUUID());

      expectProblem(await give(order.id, 1001), 409);
      expectProblem(await give(declined.orderId ?? '', 1), 409);
      expectProblem(await give(randomUUID(), 1), 404);
      expectBadField(await give(order.id, 100, 'USD'), 'amount.currency');
      expect((await give(order.id, 1000)).status).toBe(201);
    });

    it('ships only what is confirmed and delivers only what is shipped', async () => {
      const product = await admin.newProduct(1);
      const order = (await customer.buy([{ productId: product.id, quantity: 1 }])).body;
      const path = `/v1/admin/orders/${order.id}`;

      expectProblem(await admin.post(`${path}/deliver`), 409);
      expect((await admin.post(`${path}/ship`)).status).toBe(200);
      expectProblem(await admin.post(`/v1/admin/orders/${randomUUID()}/ship`), 404);
      expect((await admin.post(`${path}/deliver`)).status).toBe(200);
      expectProblem(await admin.post(`${path}/ship`), 409);
    });
  });
});
