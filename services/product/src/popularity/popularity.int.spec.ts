import { randomUUID } from 'node:crypto';
import { sql } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { givenProduct } from '../../test/given.ts';
import { migrations } from '../migrations.ts';
import { PopularityConsumer } from './popularity.consumer.ts';
import { PopularityRepository } from './popularity.repository.ts';
import { PopularityService } from './popularity.service.ts';

describe('popularity', () => {
  const db = testDatabase('popularity', { migrations });
  const popularity = new PopularityService(new PopularityRepository());
  const consumer = new PopularityConsumer(popularity);

  const scoreOf = async (productId: string) => {
    const [row] = await db.query<{ score: string }>(sql`select score from popularity where product_id = ${productId}`);
    return Number(row?.score);
  };
  const hear = (type: string, items: { productId: string; quantity: number }[]) => {
    const data = {
      orderId: randomUUID(),
      userId: randomUUID(),
      items,
      total: { amount: 100, currency: 'EUR' },
      confirmedAt: '2026-11-01T00:00:00Z',
      cancelledAt: '2026-11-01T00:00:00Z',
    };
    const envelope = { id: randomUUID(), type, key: data.orderId, occurredAt: data.confirmedAt, data };
    const handler = consumer.handlers.find((each) => each.type === type);
    if (handler === undefined) throw new Error(`Nobody hears ${type}.`);
    return db.transaction((tx) => handler.handle(tx, envelope));
  };

  it('grows by the units of a confirmed order and shrinks by those of a cancelled one', async () => {
    const [lamp, sofa] = [await givenProduct(db), await givenProduct(db)];

    await hear('order.confirmed.v1', [
      { productId: lamp, quantity: 2 },
      { productId: sofa, quantity: 1 },
      { productId: lamp, quantity: 3 },
    ]);
    await hear('order.cancelled.v1', [{ productId: lamp, quantity: 1 }]);

    expect(await scoreOf(lamp)).toBe(4);
    expect(await scoreOf(sofa)).toBe(1);
  });

  it('comes out right when the cancellation is heard first', async () => {
    const lamp = await givenProduct(db);

    await hear('order.cancelled.v1', [{ productId: lamp, quantity: 2 }]);
    await hear('order.confirmed.v1', [{ productId: lamp, quantity: 2 }]);

    expect(await scoreOf(lamp)).toBe(0);
  });

  it('ignores products it does not know', async () => {
    await expect(hear('order.confirmed.v1', [{ productId: randomUUID(), quantity: 1 }])).resolves.toBeUndefined();
  });

  it('counts every unit of orders with the same products in opposite order', async () => {
    const products = [await givenProduct(db), await givenProduct(db), await givenProduct(db)];
    const items = products.map((productId) => ({ productId, quantity: 1 }));

    await Promise.all(
      Array.from({ length: 60 }, (_, index) => hear('order.confirmed.v1', index % 2 === 0 ? items : items.toReversed())),
    );

    for (const productId of products) expect(await scoreOf(productId)).toBe(60);
  });
});
