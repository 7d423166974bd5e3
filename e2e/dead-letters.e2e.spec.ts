import { randomUUID } from 'node:crypto';
import type { DeadLetterListResponse, DeadLetterResponse } from '@emporium/contracts';
import type { OrderResponse } from '@emporium/contracts/order';
import type { ProductResponse } from '@emporium/contracts/product';
import { type Platform, startPlatform, temporaryFolder } from '@emporium/local';
import { Postgres, raw, sql } from '@emporium/postgres';
import { closeRedis, connectRedis, type Redis, redisReady } from '@emporium/redis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectBooksToAgree, Provider } from './books.ts';
import { expectProblem } from './problem.ts';
import { ShopClient } from './shop.client.ts';

const path = '/v1/admin/dead-letters';

describe('dead letters', () => {
  let platform: Platform;
  let removeFolder: () => Promise<void>;
  let redis: Redis;
  let products: Postgres;
  let payments: Postgres;
  let admin: ShopClient;
  let customer: ShopClient;

  beforeAll(async () => {
    const folder = await temporaryFolder('dead-letters');
    removeFolder = folder.remove;
    platform = await startPlatform({ dataDir: folder.path, ports: 'free', durable: false, quiet: true });
    const owner = (name: 'product' | 'payment') =>
      new Postgres({ url: platform.databaseUrl(name), applicationName: 'spec', max: 2, min: 0 });
    products = owner('product');
    payments = owner('payment');
    redis = connectRedis({ url: platform.urls.redis, name: 'spec' });
    await redisReady(redis, 5_000);
    const anyone = new ShopClient(platform.urls.gateway);
    admin = await anyone.signIn('admin@emporium.test', 'emporium-admin-development');
    customer = await anyone.newCustomer();
  });

  afterAll(async () => {
    if (redis !== undefined) closeRedis(redis);
    await Promise.all([products?.close(), payments?.close()]);
    await platform?.stop();
    await removeFolder?.();
  });

  const eventually = <T>(read: () => Promise<T>) => expect.poll(read, { timeout: 20_000, interval: 100 });
  const letters = async (): Promise<DeadLetterResponse[]> =>
    (await admin.get<DeadLetterListResponse>(`${path}?limit=100`)).body.items;
  const about = async (subject: string) => (await letters()).filter((letter) => letter.subject === subject);
  const requeue = (id: string) => admin.post<DeadLetterResponse>(`${path}/${id}/requeue`);
  const buy = async (product: ProductResponse): Promise<OrderResponse> => {
    const { status, body, text } = await customer.buy([{ productId: product.id, quantity: 1 }]);
    expect(status, text).toBe(201);
    return body;
  };
  const soldOf = async ({ id }: ProductResponse): Promise<number> => {
    const [row] = await products.query<{ score: string }>(sql`select score from popularity where product_id = ${id}`);
    return Number(row?.score);
  };
  /** From now on the product service cannot count what is sold of this product. */
  const breakCounting = async ({ id }: ProductResponse): Promise<void> => {
    await products.execute(
      raw(
        `create function refuse() returns trigger language plpgsql as $$ begin raise exception 'the counter is broken'; end $$`,
      ),
    );
    await products.execute(
      raw(
        `create trigger broken before update on popularity for each row when (new.product_id = '${id}') execute function refuse()`,
      ),
    );
  };
  const repairCounting = () => products.execute(raw('drop function refuse() cascade'));

  it('hold poison that was put on the streams, while purchases go on', async () => {
    const product = await admin.newProduct(20);
    const bad = { id: randomUUID(), key: randomUUID(), occurredAt: new Date().toISOString(), data: { orderId: 'none' } };
    const orders: OrderResponse[] = [];

    for (const type of ['order.confirmed.v1', 'payment.settled.v1']) {
      await redis.xadd(`${type.split('.')[0]}.events`, '*', 'envelope', JSON.stringify({ ...bad, type }));
      await redis.xadd(`${type.split('.')[0]}.events`, '*', 'envelope', '{"cut off');
      await redis.xadd(`${type.split('.')[0]}.events`, '*', 'nothing', 'at all');
    }
    for (let index = 0; index < 5; index += 1) orders.push(await buy(product));

    await eventually(() => about(bad.key)).toHaveLength(2);
    await eventually(async () => (await letters()).filter(({ type }) => type === 'unreadable')).toHaveLength(4);
    await eventually(() => soldOf(product)).toBe(5);
    const [one, other] = (await about(bad.key)).sort((a, b) => (a.service < b.service ? -1 : 1));
    expect(one).toMatchObject({ service: 'order', type: 'payment.settled.v1', eventId: bad.id, data: bad.data });
    expect(other).toMatchObject({ service: 'product', type: 'order.confirmed.v1', eventId: bad.id });
    expect(one?.error).not.toMatch(/\n|\/|select|127\.0\.0\.1/);
    const [unreadable] = (await letters()).filter(({ type }) => type === 'unreadable');
    expectProblem(await requeue(unreadable?.id ?? ''), 422);
    await expectBooksToAgree(admin, new Provider(platform.urls.simulator), [product.id], orders);
  });

  it('are handled once they are repaired and sent again; unrepaired they come back, once', async () => {
    const [broken, sound] = [await admin.newProduct(5), await admin.newProduct(5)];
    await breakCounting(broken);

    const order = await buy(broken);
    await buy(sound);

    // The sound one does not wait for the broken one to be given up.
    await eventually(() => soldOf(sound)).toBe(1);
    await eventually(() => about(order.id)).toHaveLength(1);
    const [letter] = await about(order.id);
    expect(letter).toMatchObject({
      ...{ service: 'product', kind: 'event', type: 'order.confirmed.v1', attempts: 5, error: 'database error P0001' },
      data: { orderId: order.id },
    });

    expect((await requeue(letter?.id ?? '')).status).toBe(202);
    expectProblem(await requeue(letter?.id ?? ''), 404);
    await eventually(async () => (await about(order.id))[0]?.id ?? letter?.id).not.toBe(letter?.id);
    const back = await about(order.id);
    expect(back).toHaveLength(1);
    expect(await soldOf(broken)).toBe(0);

    await repairCounting();
    const racers = await Promise.all(Array.from({ length: 5 }, () => requeue(back[0]?.id ?? '')));
    expect(racers.map(({ status }) => status).sort()).toEqual([202, 404, 404, 404, 404]);
    await eventually(() => soldOf(broken)).toBe(1);
    expect(await about(order.id)).toEqual([]);
  });

  it('hold jobs that failed for good, too', async () => {
    const failing = sql`select 1 from graphile_worker.add_job('publish-event', '{"requestId":"spec"}', job_key => 'hopeless', max_attempts => 1)`;
    await payments.execute(failing);

    await eventually(() => about('hopeless')).toHaveLength(1);
    const [job] = await about('hopeless');
    expect(job).toMatchObject({ service: 'payment', kind: 'job', type: 'publish-event', attempts: 1, data: null });
    expect((await requeue(job?.id ?? '')).status).toBe(202);
    await eventually(async () => (await about('hopeless'))[0]?.failedAt ?? job?.failedAt).not.toBe(job?.failedAt);
    expect(await about('hopeless')).toHaveLength(1);
  });

  it('are heard of after Redis lost everything: groups and streams are made anew, and nothing counts twice', async () => {
    const product = await admin.newProduct(10);
    await buy(product);
    await eventually(() => soldOf(product)).toBe(1);

    await redis.flushall();
    await buy(product);
    const poison = {
      id: randomUUID(),
      type: 'order.cancelled.v1',
      key: randomUUID(),
      occurredAt: new Date().toISOString(),
      data: {},
    };
    await redis.xadd('order.events', '*', 'envelope', JSON.stringify(poison));

    await eventually(() => soldOf(product)).toBe(2);
    await eventually(() => about(poison.key)).toHaveLength(1);
    // restore-events, which runs each minute, sends the first sale again: the inbox absorbs it.
    await expect.poll(() => redis.xlen('order.events'), { timeout: 90_000, interval: 500 }).toBeGreaterThan(5);
    await eventually(async () => (await redis.xpending('order.events', 'product'))[0]).toBe(0);
    expect(await soldOf(product)).toBe(2);
  });

  it('are one list without the items of a service that is away, which it names', async () => {
    platform.hold('payment');

    const { status, body } = await admin.get<DeadLetterListResponse>(`${path}?limit=100`);

    expect(status).toBe(200);
    expect(body.unavailable).toEqual(['payment']);
    expect(body.items.map(({ service }) => service)).toContain('product');
    expect(body.items.map(({ service }) => service)).not.toContain('payment');
    expectProblem(await requeue(randomUUID()), 503);
    platform.release('payment');
    await eventually(async () => (await admin.get<DeadLetterListResponse>(path)).body.unavailable).toBeUndefined();
    await eventually(() => about('hopeless')).toHaveLength(1);
  });
});
