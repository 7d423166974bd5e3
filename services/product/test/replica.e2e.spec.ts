import { randomUUID } from 'node:crypto';
import { Replica, sql } from '@emporium/postgres';
import { startApp, type TestApp, testDatabase, testRedis, testStandby } from '@emporium/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { appModule } from '../src/app.module.ts';
import { loadConfig } from '../src/config.ts';
import { migrations } from '../src/migrations.ts';
import { givenProduct } from './given.ts';

const standby = await testStandby();

const price = (amount: number) => ({ amount, currency: 'EUR' });

describe('a product service with a replica', { timeout: 60_000 }, () => {
  const db = testDatabase('product_replica', { migrations, jobs: true });
  const redis = testRedis();
  let app: TestApp;
  /** Another process of the same service. */
  let other: TestApp;
  let id: string;

  const start = (maxLagMs: number) =>
    startApp({
      name: 'product',
      module: appModule,
      config: loadConfig,
      environment: {
        DATABASE_URL: db.url,
        DATABASE_REPLICA_URL: standby.urlOf(db),
        DATABASE_REPLICA_MAX_LAG_MS: String(maxLagMs),
        REDIS_URL: redis.url,
      },
    });
  const isUsed = (of: TestApp) => expect.poll(() => of.get(Replica).isUsed, { timeout: 10_000 });
  const admin = (method: string, path: string, body?: unknown) =>
    app.request(method, path, { as: { role: 'admin' }, ...(body !== undefined && { body }) });
  const internal = (method: string, path: string, body: unknown) => app.request(method, path, { caller: 'order', body });
  const read = async (of: TestApp, path: string) => (await of.request('GET', path)).body;
  const reserve = (quantity: number) =>
    internal('PUT', `/internal/reservations/${randomUUID()}`, { items: [{ productId: id, quantity }] });
  /** As a change that nobody forgets in the caches: only who reads the primary can know it. */
  const changeUnseen = () => db.execute(sql`update products set name = 'Tin Kettle', price_minor = 7_777 where id = ${id}`);

  beforeAll(async () => {
    [app, other] = [await start(60_000), await start(60_000)];
  }, 60_000);
  beforeEach(async () => {
    id = await givenProduct(db, { name: 'Copper Kettle', category: 'kitchen', price: price(1_000), stock: 10 });
    await standby.caughtUp();
    await isUsed(app).toBe(true);
    await isUsed(other).toBe(true);
    await standby.pause();
  });
  afterEach(() => standby.resume());
  afterAll(async () => {
    await app?.close();
    await other?.close();
  });

  it('shows pages, lists, searches and categories from it', async () => {
    await changeUnseen();
    await db.execute(sql`update categories set name = 'Changed'`);

    expect(await read(app, `/v1/products/${id}`)).toMatchObject({ name: 'Copper Kettle', price: price(1_000) });
    for (const query of ['', '?q=copper', '?q=coper%20kettel', '?category=kitchen&sort=popular']) {
      const { items } = await read(app, `/v1/products${query}`);
      expect(items.find((item: { id: string }) => item.id === id)).toMatchObject({ name: 'Copper Kettle', available: 10 });
    }
    expect(JSON.stringify(await read(app, '/v1/categories'))).not.toContain('Changed');
  });

  it('never asks it for prices of orders, stock and reservations', async () => {
    await changeUnseen();
    await db.execute(sql`update stock set on_hand = on_hand - 8, supplied = supplied - 8 where product_id = ${id}`);

    const quote = await internal('POST', '/internal/quotes', { items: [{ productId: id, quantity: 1 }] });
    expect(quote.body.lines[0].unitPrice).toEqual(price(7_777));
    expect((await admin('GET', `/v1/admin/products/${id}/inventory`)).body).toMatchObject({ supplied: 2, onHand: 2 });
    expect((await reserve(3)).status).toBe(409);
    expect((await reserve(2)).status).toBe(200);
    expect((await admin('PATCH', `/v1/products/${id}`, { description: 'New.' })).body).toMatchObject({ price: price(7_777) });
  });

  describe('whose copy in the cache was forgotten for a change', () => {
    const seen = async (of: TestApp) => {
      const listed = (await read(of, '/v1/products?category=kitchen&limit=100')).items;
      const item = listed.find((each: { id: string }) => each.id === id);
      return { page: await read(of, `/v1/products/${id}`), item };
    };

    it('does not bring back the price from before, in any process', async () => {
      await seen(app);
      await admin('PATCH', `/v1/products/${id}`, { price: price(2_000) });

      for (const process of [other, app, other]) {
        const { page, item } = await seen(process);
        expect([page.price, item.price]).toEqual([price(2_000), price(2_000)]);
      }
    });

    it('does not bring back the units from before a sale', async () => {
      await read(app, `/v1/products/${id}`);
      await reserve(4);

      for (const process of [other, app]) expect((await read(process, `/v1/products/${id}`)).available).toBe(6);
    });

    it('does not bring back what was withdrawn, nor keep new products and categories from being seen', async () => {
      await seen(app);
      await admin('DELETE', `/v1/products/${id}`);
      const draft = { sku: `NEW-${id}`, name: 'New Lamp', description: 'New.', category: 'new-shelf', price: price(1) };
      const created = await admin('POST', '/v1/products', { ...draft, initialStock: 1 });

      for (const process of [other, app]) {
        expect((await process.request('GET', `/v1/products/${id}`)).status).toBe(404);
        expect((await seen(process)).item).toBeUndefined();
        expect((await process.request('GET', `/v1/products/${created.body.id}`)).status).toBe(200);
        expect((await read(process, '/v1/products?limit=1')).items[0].name).toBe('New Lamp');
        expect(JSON.stringify(await read(process, '/v1/categories'))).toContain('new-shelf');
      }
    });
  });

  it('that is always a little behind shows nobody an older product than one who came after its change', async () => {
    const readers = [await start(1_000), await start(1_000)];
    try {
      await standby.resume();
      await standby.delay(250);
      for (const each of readers) await isUsed(each).toBe(true);
      const seen = { reads: 0, old: 0 };
      let latest = 1;
      let isOver = false;
      const reading = Array.from({ length: 8 }, async (_, index) => {
        while (!isOver) {
          const expected = latest;
          const of = readers[index % 2] ?? app;
          const [page, list] = [await read(of, `/v1/products/${id}`), await read(of, '/v1/products?category=kitchen&limit=100')];
          const { version } = list.items.find((item: { id: string }) => item.id === id);
          seen.reads += 1;
          if (page.version < expected || version < expected) seen.old += 1;
        }
      });

      for (let round = 2; round <= 25; round += 1) {
        const changed = await readers[round % 2]?.request('PATCH', `/v1/products/${id}`, {
          as: { role: 'admin' },
          body: { price: price(round) },
        });
        latest = changed?.body.version;
        // Some changes follow each other at once, others when all that was noted has been forgotten.
        await new Promise((resolve) => setTimeout(resolve, round % 8 === 0 ? 2_200 : 60 * (round % 4)));
      }
      isOver = true;
      await Promise.all(reading);

      expect(latest).toBe(25);
      expect(seen.reads).toBeGreaterThan(200);
      expect(seen.old).toBe(0);
      for (const each of readers) await isUsed(each).toBe(true);
    } finally {
      await standby.delay(0);
      await Promise.all(readers.map((each) => each.close()));
    }
  });

  it('is ready, and answers, whether it lags or is away', async () => {
    const strict = await start(100);
    try {
      await isUsed(strict).toBe(false);
      await changeUnseen();
      expect((await read(strict, `/v1/products/${id}`)).name).toBe('Tin Kettle');
      await standby.stop();
      await isUsed(other).toBe(false);

      const { status, body } = await strict.request('GET', '/ready');
      expect([status, body.checks.find(({ name }: { name: string }) => name === 'postgres-replica')?.status]).toEqual([
        200,
        'down',
      ]);
      for (const path of [`/v1/products/${id}`, '/v1/products?q=kettle', '/v1/categories']) {
        expect((await other.request('GET', path)).status).toBe(200);
      }
    } finally {
      await standby.start();
      await strict.close();
    }
  });
});
