import { randomUUID } from 'node:crypto';
import { orderCancelled, orderConfirmed } from '@emporium/contracts/order';
import { categoryListResponse, productListResponse, productResponse } from '@emporium/contracts/product';
import { Outbox } from '@emporium/events';
import { Jobs } from '@emporium/jobs';
import { sql } from '@emporium/postgres';
import { startApp, type TestApp, testDatabase, testRedis } from '@emporium/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { appModule } from '../src/app.module.ts';
import { loadConfig } from '../src/config.ts';
import { migrations } from '../src/migrations.ts';
import { disagreements } from './given.ts';

const admin = { role: 'admin' } as const;
const order = { caller: 'order' };

describe('the product service', () => {
  const db = testDatabase('product_e2e', { migrations, jobs: true });
  const redis = testRedis();
  let app: TestApp;

  beforeAll(async () => {
    const environment = { DATABASE_URL: db.url, REDIS_URL: redis.url };
    app = await startApp({ name: 'product', module: appModule, config: loadConfig, environment });
  }, 60_000);
  afterAll(() => app?.close());
  afterEach(async () => {
    expect(await disagreements(db)).toEqual([]);
  });

  const draft = () => ({
    sku: `SKU-${randomUUID()}`,
    name: 'Copper Kettle',
    description: 'Sings at a hundred degrees.',
    category: 'kettles',
    price: { amount: 5_900, currency: 'EUR' },
    initialStock: 20,
  });
  const givenProduct = async (more: object = {}) => {
    const { status, body } = await app.request('POST', '/v1/products', { as: admin, body: { ...draft(), ...more } });
    expect(status).toBe(201);
    return body;
  };
  const inventory = async (id: string) => (await app.request('GET', `/v1/admin/products/${id}/inventory`, { as: admin })).body;
  const reserve = (orderId: string, items: object[]) =>
    app.request('PUT', `/internal/reservations/${orderId}`, { ...order, body: { items } });
  const step = (orderId: string, name: string) => app.request('POST', `/internal/reservations/${orderId}/${name}`, order);

  describe('offers its products to anyone', () => {
    it('one by one, with a tag that answers 304', async () => {
      const { id, ...created } = await givenProduct();

      const { status, body, headers } = await app.request('GET', `/v1/products/${id}`);

      expect(status).toBe(200);
      expect(body).toEqual({ id, ...created });
      expect(productResponse.strict().parse(body)).toMatchObject({ available: 20, version: 1 });
      expect(headers.get('cache-control')).toBe('public, max-age=0, stale-if-error=600');
      expect(headers.get('cdn-cache-control')).toBe('public, max-age=1, stale-if-error=600');
      const again = await app.request('GET', `/v1/products/${id}`, { headers: { 'if-none-match': `W/${headers.get('etag')}` } });
      expect(again).toMatchObject({ status: 304, body: undefined });
      expect(again.headers.get('etag')).toBe(headers.get('etag'));
    });

    it('shows the units left at once after each reservation, under a new tag', async () => {
      const { id } = await givenProduct();
      const before = await app.request('GET', `/v1/products/${id}`);
      const headers = { 'if-none-match': before.headers.get('etag') ?? '' };

      await reserve(randomUUID(), [{ productId: id, quantity: 5 }]);

      expect(await app.request('GET', `/v1/products/${id}`, { headers })).toMatchObject({ status: 200, body: { available: 15 } });
    });

    it('as a list, by category, price and words, page by page', async () => {
      const category = `shelf-${randomUUID()}`;
      const made = [];
      for (const amount of [300, 100, 200]) made.push(await givenProduct({ category, price: { amount, currency: 'EUR' } }));

      const first = await app.request('GET', `/v1/products?category=${category}&sort=price&limit=2`);
      const second = await app.request(
        'GET',
        `/v1/products?category=${category}&sort=price&limit=2&cursor=${first.body.nextCursor}`,
      );

      expect(productListResponse.parse(first.body).items.map(({ price }) => price.amount)).toEqual([100, 200]);
      expect(second.body).toMatchObject({ items: [{ price: { amount: 300 } }], nextCursor: null });
      const filtered = await app.request('GET', `/v1/products?category=${category}&minPrice=150&maxPrice=250`);
      expect(filtered.body.items).toEqual([made[2]]);
      const tag = { 'if-none-match': first.headers.get('etag') ?? '' };
      const same = await app.request('GET', `/v1/products?category=${category}&sort=price&limit=2`, { headers: tag });
      expect(same.status).toBe(304);
    });

    it('finds what was just put on sale, also with a typing error', async () => {
      const { id } = await givenProduct({ name: 'Chrysanthemum Teapot' });

      for (const q of ['chrysanthemum', 'crysantemum%20teapott', '%22chrysanthemum%20teapot%22']) {
        const { body } = await app.request('GET', `/v1/products?q=${q}`);
        expect(body.items.map((item: { id: string }) => item.id)).toEqual([id]);
      }
      expect((await app.request('GET', '/v1/products?q=')).body.items.length).toBeGreaterThan(0);
    });

    it('counts its categories, and knows at once of a new one', async () => {
      const before = await app.request('GET', '/v1/categories');
      await givenProduct({ category: 'rain-gear' });

      const after = await app.request('GET', '/v1/categories');

      expect(categoryListResponse.parse(after.body).items).toContainEqual({
        slug: 'rain-gear',
        name: 'Rain gear',
        productCount: 1,
      });
      expect(after.headers.get('etag')).not.toBe(before.headers.get('etag'));
    });

    it('draws a picture that may be kept for long and can do nothing', async () => {
      const { imageUrl } = await givenProduct({ name: '<script>alert("&")</script>' });

      const { status, body, headers } = await app.request('GET', imageUrl);

      expect(status).toBe(200);
      expect(headers.get('content-type')).toBe('image/svg+xml; charset=utf-8');
      expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
      expect(headers.get('cache-control')).toMatch(/max-age=86400/);
      expect(body).toContain('<title>&lt;script&gt;alert(&quot;&amp;&quot;)&lt;/script&gt;</title>');
      expect(body).not.toContain('<script');
      const again = await app.request('GET', imageUrl, { headers: { 'if-none-match': headers.get('etag') ?? '' } });
      expect(again.status).toBe(304);
      expect((await app.request('GET', `/v1/products/${randomUUID()}/image.svg`)).status).toBe(404);
    });

    it.each([
      ['limit=0', 'limit'],
      ['limit=101', 'limit'],
      ['limit=1e1', 'limit'],
      ['sort=cheapest', 'sort'],
      ['sort=relevance', 'sort'],
      ['minPrice=-1', 'minPrice'],
      ['maxPrice=99999999999999', 'maxPrice'],
      ['cursor=garbage', 'cursor'],
      ['cursor=%00', 'cursor'],
      ['category=No%20Slug', 'category'],
      [`q=${'x'.repeat(201)}`, 'q'],
      ['q=a&q=b', 'q'],
    ])('refuses a list with %s and names the field', async (query, field) => {
      const { status, body, headers } = await app.request('GET', `/v1/products?${query}`);

      expect(status).toBe(400);
      expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect(body.errors.map((error: { field: string }) => error.field)).toEqual([field]);
    });

    it.each(['nothing', 'c209af40', '%00', randomUUID()])('has no product %s', async (id) => {
      const { status } = await app.request('GET', `/v1/products/${id}`);

      expect(status).toBe(id.length === 36 ? 404 : 400);
    });
  });

  describe('lets admins', () => {
    it('create a product once per SKU', async () => {
      const body = draft();

      const created = await app.request('POST', '/v1/products', { as: admin, body });
      const again = await app.request('POST', '/v1/products', { as: admin, body });

      expect(created.headers.get('location')).toBe(`/v1/products/${created.body.id}`);
      expect(again).toMatchObject({ status: 409, body: { code: 'sku-taken', errors: [{ field: 'sku' }] } });
    });

    it('change a product that nobody else changed meanwhile', async () => {
      const { id } = await givenProduct();
      const { headers } = await app.request('GET', `/v1/products/${id}`);
      const ifMatch = { 'if-match': headers.get('etag') ?? '' };
      await reserve(randomUUID(), [{ productId: id, quantity: 1 }]);
      const patch = (body: object, more: object = {}) => app.request('PATCH', `/v1/products/${id}`, { as: admin, body, ...more });

      expect(await patch({ name: 'Steel Kettle' }, { headers: ifMatch })).toMatchObject({ status: 200, body: { version: 2 } });
      expect(await patch({ name: 'Tin Kettle' }, { headers: ifMatch })).toMatchObject({
        status: 412,
        body: { code: 'product-changed' },
      });
      expect(await patch({ price: { amount: 1, currency: 'EUR' } })).toMatchObject({ status: 200, body: { version: 3 } });

      const { body } = await app.request('GET', `/v1/products/${id}`);
      expect(body).toMatchObject({ name: 'Steel Kettle', price: { amount: 1 }, available: 19, version: 3 });
    });

    it('withdraw a product: gone from the shop, refused by quotes, still in the books', async () => {
      const { id, category } = await givenProduct({ category: 'short-lived' });
      await app.request('GET', `/v1/products/${id}`);

      expect((await app.request('DELETE', `/v1/products/${id}`, { as: admin })).status).toBe(204);

      expect((await app.request('GET', `/v1/products/${id}`)).status).toBe(404);
      expect((await app.request('GET', `/v1/products?category=${category}`)).body.items).toEqual([]);
      expect((await app.request('DELETE', `/v1/products/${id}`, { as: admin })).status).toBe(404);
      const items = [{ productId: id, quantity: 1 }];
      expect(await app.request('POST', '/internal/quotes', { ...order, body: { items } })).toMatchObject({
        status: 400,
        body: { errors: [{ field: 'items.0.productId' }] },
      });
      expect(await inventory(id)).toMatchObject({ supplied: 20 });
    });

    it('move stock', async () => {
      const { id } = await givenProduct();
      const move = (quantity: unknown) =>
        app.request('POST', `/v1/products/${id}/stock-movements`, { as: admin, body: { quantity, reason: 'Counted' } });

      expect(await move(5)).toMatchObject({ status: 201, body: { supplied: 25, onHand: 25, reserved: 0, sold: 0 } });
      expect(await move(-26)).toMatchObject({ status: 409, body: { code: 'not-enough-on-hand' } });
      for (const quantity of [0, 1.5, '5', null, 1e12]) expect((await move(quantity)).status).toBe(400);
      expect((await app.request('GET', `/v1/products/${id}`)).body.available).toBe(25);
    });

    it.each([
      ['a price in words', { price: { amount: '5', currency: 'EUR' } }, 'price.amount'],
      ['a price of nothing', { price: { amount: 0, currency: 'EUR' } }, 'price.amount'],
      ['another currency', { price: { amount: 5, currency: 'USD' } }, 'price.currency'],
      ['an empty name', { name: ' ' }, 'name'],
      ['a NUL', { name: 'a\0b' }, 'name'],
      ['a lone surrogate', { description: '\ud800' }, 'description'],
      ['a SKU with spaces', { sku: 'a b' }, 'sku'],
      ['less than no stock', { initialStock: -1 }, 'initialStock'],
      ['a category that is no slug', { category: 'Rain Gear' }, 'category'],
    ])('put no product on sale with %s', async (_, bad, field) => {
      const { status, body } = await app.request('POST', '/v1/products', { as: admin, body: { ...draft(), ...bad } });

      expect(status).toBe(400);
      expect(body.errors.map((error: { field: string }) => error.field)).toEqual([field]);
    });
  });

  describe('keeps its doors', () => {
    const id = randomUUID();
    const adminRoutes: [string, string][] = [
      ['POST', '/v1/products'],
      ['PATCH', `/v1/products/${id}`],
      ['DELETE', `/v1/products/${id}`],
      ['POST', `/v1/products/${id}/stock-movements`],
      ['GET', `/v1/admin/products/${id}/inventory`],
    ];
    const internalRoutes: [string, string][] = [
      ['POST', '/internal/quotes'],
      ['PUT', `/internal/reservations/${id}`],
      ['POST', `/internal/reservations/${id}/commit`],
      ['POST', `/internal/reservations/${id}/release`],
      ['POST', `/internal/reservations/${id}/return`],
      ['GET', '/internal/reconciliation/reservations'],
      ['POST', '/internal/reconciliation/reservations'],
      ['POST', '/internal/reconciliation/stock'],
      ['POST', '/internal/reconciliation/overdue'],
    ];

    it.each(adminRoutes)('closed to all but admins: %s %s', async (method, path) => {
      expect((await app.request(method, path)).status).toBe(401);
      expect((await app.request(method, path, { as: { role: 'customer' } })).status).toBe(403);
      expect((await app.request(method, path, { as: { role: 'support' } })).status).toBe(403);
    });

    it.each(internalRoutes)('closed to all but the order service: %s %s', async (method, path) => {
      expect((await app.request(method, path, { caller: null })).status).toBe(401);
      for (const caller of ['gateway', 'payment']) {
        expect((await app.request(method, path, { caller, as: admin })).status).toBe(403);
      }
    });

    it('closed to callers without a service token', async () => {
      expect((await app.request('GET', '/v1/products', { caller: null })).status).toBe(401);
    });
  });

  describe('serves the order service', () => {
    it('with prices that only the shop sets', async () => {
      const { id } = await givenProduct();
      const items = [{ productId: id, quantity: 2 }];

      const quote = await app.request('POST', '/internal/quotes', { ...order, body: { items } });
      const dictated = await app.request('POST', '/internal/quotes', {
        ...order,
        body: { items: [{ ...items[0], unitPrice: { amount: 1, currency: 'EUR' } }] },
      });

      expect(quote).toMatchObject({
        status: 200,
        body: { lines: [{ productId: id, name: 'Copper Kettle', quantity: 2, unitPrice: { amount: 5_900, currency: 'EUR' } }] },
      });
      expect(dictated.status).toBe(400);
    });

    it('from reserving to selling to taking back, each step as often as it likes', async () => {
      const { id } = await givenProduct();
      const orderId = randomUUID();
      const items = [
        { productId: id, quantity: 2 },
        { productId: id, quantity: 1 },
      ];

      for (const _ of [1, 2])
        expect(await reserve(orderId, items)).toMatchObject({ status: 200, body: { orderId, status: 'reserved' } });
      expect(await inventory(id)).toEqual({ supplied: 20, onHand: 17, reserved: 3, sold: 0 });
      for (const _ of [1, 2]) expect(await step(orderId, 'commit')).toMatchObject({ status: 200, body: { status: 'committed' } });
      expect(await inventory(id)).toEqual({ supplied: 20, onHand: 17, reserved: 0, sold: 3 });
      expect(await step(orderId, 'release')).toMatchObject({ status: 409, body: { code: 'reservation-committed' } });
      for (const _ of [1, 2]) expect(await step(orderId, 'return')).toMatchObject({ status: 200, body: { status: 'returned' } });
      expect(await inventory(id)).toEqual({ supplied: 20, onHand: 20, reserved: 0, sold: 0 });
    });

    it('with a clear no', async () => {
      const { id } = await givenProduct();
      const orderId = randomUUID();

      expect(await reserve(randomUUID(), [{ productId: id, quantity: 21 }])).toMatchObject({
        status: 409,
        body: { code: 'out-of-stock', errors: [{ field: 'items.0.quantity', message: 'only 20 left' }] },
      });
      expect(await step(orderId, 'commit')).toMatchObject({ status: 409, body: { code: 'reservation-unknown' } });
      expect(await step(orderId, 'release')).toMatchObject({ status: 200, body: { status: 'released' } });
      expect(await reserve(orderId, [{ productId: id, quantity: 1 }])).toMatchObject({
        status: 409,
        body: { code: 'reservation-released' },
      });
      expect((await step('nonsense', 'commit')).status).toBe(400);
    });

    it('and sells exactly 20 pieces to 200 buyers over HTTP', async () => {
      const { id } = await givenProduct();

      const answers = await Promise.all(
        Array.from({ length: 200 }, async () => {
          const orderId = randomUUID();
          const { status } = await reserve(orderId, [{ productId: id, quantity: 1 }]);
          if (status === 200) expect((await step(orderId, 'commit')).status).toBe(200);
          return status;
        }),
      );

      expect(answers.filter((status) => status === 200)).toHaveLength(20);
      expect(answers.filter((status) => status === 409)).toHaveLength(180);
      expect(await inventory(id)).toEqual({ supplied: 20, onHand: 0, reserved: 0, sold: 20 });
      expect((await app.request('GET', `/v1/products/${id}`)).body.available).toBe(0);
    });

    it('when it compares: which reservations moved, where they stand, and whether the books agree', async () => {
      const { id } = await givenProduct();
      const orderId = randomUUID();
      await reserve(orderId, [{ productId: id, quantity: 2 }]);
      await step(orderId, 'commit');
      const [since, until] = ['2020-01-01T00:00:00.000Z', '2100-01-01T00:00:00.000Z'];
      const path = '/internal/reconciliation';
      const ask = (name: string, body: object) => app.request('POST', `${path}/${name}`, { ...order, body });

      const moved = await app.request('GET', `${path}/reservations?since=${since}&until=${until}`, order);
      const standing = await ask('reservations', { orderIds: [orderId] });

      expect(moved.body).toMatchObject({ orderIds: expect.arrayContaining([orderId]), productIds: expect.arrayContaining([id]) });
      expect(standing.body).toEqual({
        reservations: [
          { orderId, status: 'committed', items: [{ productId: id, quantity: 2 }], updatedAt: expect.stringMatching(/Z$/) },
        ],
        forgottenBefore: expect.stringMatching(/Z$/),
      });
      expect((await ask('stock', { productIds: [id] })).body).toEqual({ differences: [] });
      expect((await ask('overdue', {})).body).toEqual({ differences: [] });
      expect((await app.request('GET', `${path}/reservations?since=${since}&until=${until}&cursor=eA`, order)).status).toBe(400);
      expect((await ask('stock', { productIds: [] })).status).toBe(400);
    });
  });

  describe('works behind the scenes', () => {
    it('lets best sellers move up when it hears of orders', async () => {
      const category = `shelf-${randomUUID()}`;
      const [first, second] = [await givenProduct({ category }), await givenProduct({ category })];
      const sorted = async () =>
        (await app.request('GET', `/v1/products?category=${category}&sort=popular`)).body.items.map(
          (item: { id: string }) => item.id,
        );
      const outbox = new Outbox();
      const now = new Date().toISOString();
      const orderWith = (productId: string, quantity: number) => ({
        orderId: randomUUID(),
        userId: randomUUID(),
        items: [{ productId, quantity }],
        total: { amount: 1, currency: 'EUR' },
      });
      const confirm = (productId: string, quantity: number) =>
        db.transaction((tx) =>
          outbox.add(tx, orderConfirmed, productId, { ...orderWith(productId, quantity), confirmedAt: now }),
        );
      const cancel = (productId: string, quantity: number) =>
        db.transaction((tx) =>
          outbox.add(tx, orderCancelled, productId, { ...orderWith(productId, quantity), cancelledAt: now }),
        );

      await confirm(first.id, 3);
      await expect.poll(sorted, { timeout: 15_000 }).toEqual([first.id, second.id]);
      await confirm(second.id, 5);
      await expect.poll(sorted, { timeout: 15_000 }).toEqual([second.id, first.id]);
      await cancel(second.id, 4);
      await expect.poll(sorted, { timeout: 15_000 }).toEqual([first.id, second.id]);
    });

    it('puts units back on sale when nobody finishes their order in time', async () => {
      const { id } = await givenProduct();
      const orderId = randomUUID();
      await reserve(orderId, [{ productId: id, quantity: 4 }]);
      await db.execute(sql`update reservations set expires_at = now() where order_id = ${orderId}`);

      await db.transaction((tx) => new Jobs().add(tx, 'expire-reservations', {}));

      await expect.poll(() => inventory(id), { timeout: 15_000 }).toEqual({ supplied: 20, onHand: 20, reserved: 0, sold: 0 });
      expect((await app.request('GET', `/v1/products/${id}`)).body.available).toBe(20);
    });

    it('is ready, and documents what it offers', async () => {
      expect((await app.request('GET', '/ready', { caller: null })).status).toBe(200);
      const { body } = await app.request('GET', '/openapi.json');

      expect(Object.keys(body.paths).sort()).toEqual([
        '/v1/admin/dead-letters',
        '/v1/admin/dead-letters/{id}/requeue',
        '/v1/admin/products/{id}/inventory',
        '/v1/categories',
        '/v1/products',
        '/v1/products/{id}',
        '/v1/products/{id}/image.svg',
        '/v1/products/{id}/stock-movements',
      ]);
    });
  });
});
