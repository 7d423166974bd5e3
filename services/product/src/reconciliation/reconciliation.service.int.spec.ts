import { randomUUID } from 'node:crypto';
import { sql } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { forgetfulCache, givenProduct } from '../../test/given.ts';
import { migrations } from '../migrations.ts';
import { ReservationRepository } from '../reservations/reservation.repository.ts';
import { ReservationService } from '../reservations/reservation.service.ts';
import { ReservationRetentionService } from '../reservations/reservation-retention.service.ts';
import { StockRepository } from '../stock/stock.repository.ts';
import { StockService } from '../stock/stock.service.ts';
import { type Position, ReconciliationRepository } from './reconciliation.repository.ts';
import { ReconciliationService } from './reconciliation.service.ts';

const day = 86_400_000;

describe('comparing the books of stock', () => {
  const db = testDatabase('stock_reconciliation', { migrations });
  const { cache } = forgetfulCache();
  const repository = new ReservationRepository();
  const reservations = new ReservationService(db, repository, cache, { reservationTtlMs: 60_000 });
  const stock = new StockService(db, new StockRepository(), cache);
  const kept = { overReservationsKeptMs: 7 * day, committedReservationsKeptMs: 90 * day };
  const reconciliation = new ReconciliationService(db, new ReconciliationRepository(), reservations, kept);
  const everything = { since: new Date(0), until: new Date(Date.now() + day) };

  const reserved = async (productId: string, quantity = 1) => {
    const orderId = randomUUID();
    await reservations.reserve(orderId, [{ productId, quantity }]);
    return orderId;
  };
  const sold = async (productId: string, quantity = 1) => {
    const orderId = await reserved(productId, quantity);
    await reservations.commit(orderId);
    return orderId;
  };
  /** A product of which some units are held, some are sold, some were released and some came back. */
  const busyProduct = async () => {
    const productId = await givenProduct(db, { stock: 20 });
    await stock.move({ productId, quantity: -3, reason: 'Lost' });
    await reserved(productId, 2);
    await sold(productId, 3);
    await reservations.release(await reserved(productId));
    await reservations.giveBack(await sold(productId));
    return productId;
  };

  beforeEach(() => db.execute(sql`delete from reservations`));

  it('finds nothing after reserving, selling, releasing, returning and moving', async () => {
    const products = [await busyProduct(), await busyProduct(), await givenProduct(db, { stock: 0 })];

    expect(await reconciliation.differences(products)).toEqual([]);
    expect(await reconciliation.differences([randomUUID()])).toEqual([]);
  });

  it.each([
    ['reserved that no order holds', sql`reserved = reserved + 1, on_hand = on_hand - 1`, { reserved: 3, held: 2 }],
    ['held that are not reserved', sql`reserved = reserved - 1, on_hand = on_hand + 1`, { reserved: 1, held: 2 }],
    ['sold that no order has', sql`sold = sold + 1, on_hand = on_hand - 1`, { sold: 4, handedOver: 3 }],
    ['supplied from nowhere', sql`supplied = supplied + 5, on_hand = on_hand + 5`, { supplied: 22, moved: 17 }],
  ])('reports units %s', async (_, change, details) => {
    const productId = await busyProduct();
    await db.execute(sql`update stock set ${change} where product_id = ${productId}`);

    expect(await reconciliation.differences([productId])).toEqual([{ productId, details }]);
  });

  it('reports books that do not add up, should the database ever let them', async () => {
    const productId = await busyProduct();
    await db.define('alter table stock drop constraint stock_books_balance');
    await db.execute(sql`update stock set on_hand = on_hand - 1 where product_id = ${productId}`);

    expect(await reconciliation.differences([productId])).toEqual([{ productId, details: { supplied: 17, counted: 16 } }]);
    await db.execute(sql`update stock set on_hand = on_hand + 1 where product_id = ${productId}`);
    await db.define('alter table stock add constraint stock_books_balance check (supplied = on_hand + reserved + sold)');
  });

  it('still counts what was sold in reservations that are forgotten, and only that', async () => {
    const productId = await busyProduct();
    await sold(productId, 4);
    await db.execute(sql`update reservations set updated_at = now() - interval '91 days'`);

    await new ReservationRetentionService(db, repository, kept).purge();
    await sold(productId, 2);

    expect(await db.query(sql`select quantity from forgotten_sales where product_id = ${productId}`)).toEqual([{ quantity: 7 }]);
    expect(await reconciliation.differences([productId])).toEqual([]);
  });

  it('is never wrong about a product that everybody is buying', async () => {
    const productId = await givenProduct(db, { stock: 200 });
    const buyers = Promise.all(
      Array.from({ length: 40 }, async (_, n) => {
        const orderId = await reserved(productId);
        if (n % 2 === 0) await reservations.commit(orderId);
        else await reservations.release(orderId);
      }),
    );

    const looks = Promise.all(Array.from({ length: 40 }, () => reconciliation.differences([productId])));

    expect((await looks).flat()).toEqual([]);
    await buyers;
    expect(await reconciliation.differences([productId])).toEqual([]);
  });

  it('walks over what was sold or undone in a window, each once, with its products', async () => {
    const productId = await givenProduct(db, { stock: 10 });
    const orders = [await sold(productId), await sold(productId), await reserved(productId)];
    await reservations.release(orders[2] ?? '');
    await reserved(productId);
    await db.execute(sql`
      insert into reservations (order_id, status, expires_at, updated_at)
      select gen_random_uuid(), (array['committed', 'released', 'returned'])[1 + n % 3], now(),
             '2020-01-01T00:00:00Z'::timestamptz + n % 4 * interval '1 second'
        from generate_series(1, 1200) n
    `);
    const walk = async (window: { since: Date; until: Date }) => {
      const found = { orderIds: [] as string[], productIds: [] as string[] };
      let after: Position | undefined;
      do {
        const page = await reconciliation.moved(window, after);
        found.orderIds.push(...page.orderIds);
        found.productIds.push(...page.productIds);
        after = page.next;
      } while (after !== undefined);
      return found;
    };

    const old = await walk({ since: new Date('2020-01-01T00:00:00Z'), until: new Date('2020-01-01T00:00:03Z') });
    const recent = await walk({ since: new Date(Date.now() - day), until: everything.until });

    expect([old.orderIds.length, new Set(old.orderIds).size]).toEqual([900, 900]);
    expect(recent.orderIds).toEqual(expect.arrayContaining(orders));
    expect(recent.orderIds).toHaveLength(3);
    expect(recent.productIds).toEqual([productId]);
  });

  it('tells where the reservations of orders stand, and since when none may be missing', async () => {
    const productId = await givenProduct(db, { stock: 10 });
    const orders = [await sold(productId, 2), await reserved(productId), randomUUID()];

    const { reservations: standing, forgottenBefore } = await reconciliation.reservations(orders);

    expect(standing.map(({ orderId, status, lines }) => ({ orderId, status, lines }))).toEqual(
      expect.arrayContaining([
        { orderId: orders[0], status: 'committed', lines: [{ productId, quantity: 2 }] },
        { orderId: orders[1], status: 'reserved', lines: [{ productId, quantity: 1 }] },
      ]),
    );
    expect(standing).toHaveLength(2);
    expect(Math.abs(Date.now() - 90 * day - forgottenBefore.getTime())).toBeLessThan(60_000);
  });

  it('releases reservations that the clock forgot, and says so; one that is being changed stays', async () => {
    const productId = await givenProduct(db, { stock: 10 });
    const [forgotten, busy, due] = [await reserved(productId), await reserved(productId), await reserved(productId)];
    const expired = (orderId: string | undefined, seconds: number) =>
      db.execute(sql`update reservations set expires_at = now() - ${seconds} * interval '1 second' where order_id = ${orderId}`);
    await expired(forgotten, 600);
    await expired(busy, 600);
    await expired(due, 30);

    const found = await db.transaction(async (tx) => {
      await tx.execute(sql`select 1 from reservations where order_id = ${busy} for update`);
      return reconciliation.releaseOverdue();
    });

    expect(found.sort((a, b) => Number(a.released) - Number(b.released))).toEqual([
      { orderId: busy, released: false },
      { orderId: forgotten, released: true },
    ]);
    expect(await reconciliation.releaseOverdue()).toEqual([{ orderId: busy, released: true }]);
    expect(await reconciliation.releaseOverdue()).toEqual([]);
    expect(await reconciliation.differences([productId])).toEqual([]);
  });
});
