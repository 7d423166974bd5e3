import { randomUUID } from 'node:crypto';
import { sql } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { booksOf, disagreements, forgetfulCache, givenProduct } from '../../test/given.ts';
import { migrations } from '../migrations.ts';
import { ReservationRepository } from './reservation.repository.ts';
import { ReservationService } from './reservation.service.ts';

const conflict = (code: string) => expect.objectContaining({ kind: 'conflict', code });
const fulfilled = (results: PromiseSettledResult<unknown>[]) => results.filter(({ status }) => status === 'fulfilled').length;
const codes = (results: PromiseSettledResult<unknown>[]) =>
  results.flatMap((result) => (result.status === 'rejected' ? [result.reason.code ?? result.reason] : []));
const times = <T>(count: number, work: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => work(index));

describe('reservations', () => {
  const db = testDatabase('reservations', { migrations });
  const { cache, forgotten } = forgetfulCache();
  const service = (reservationTtlMs = 60_000) =>
    new ReservationService(db, new ReservationRepository(), cache, { reservationTtlMs });
  const reservations = service();

  /** Makes a reservation's time be over. */
  const outlive = (orderId: string) =>
    db.execute(sql`update reservations set expires_at = now() - interval '1 second' where order_id = ${orderId}`);
  const reserved = async (productId: string, quantity: number): Promise<string> => {
    const orderId = randomUUID();
    await reservations.reserve(orderId, [{ productId, quantity }]);
    return orderId;
  };

  afterEach(async () => {
    expect(await disagreements(db)).toEqual([]);
  });

  describe('one order', () => {
    it('takes its units off the shelf, sells them and can be given back', async () => {
      const productId = await givenProduct(db, { stock: 10 });
      const orderId = randomUUID();

      expect(await reservations.reserve(orderId, [{ productId, quantity: 3 }])).toEqual({ orderId, status: 'reserved' });
      expect(await booksOf(db, productId)).toEqual({ supplied: 10, onHand: 7, reserved: 3, sold: 0 });
      expect(await reservations.commit(orderId)).toEqual({ orderId, status: 'committed' });
      expect(await booksOf(db, productId)).toEqual({ supplied: 10, onHand: 7, reserved: 0, sold: 3 });
      expect(await reservations.giveBack(orderId)).toEqual({ orderId, status: 'returned' });
      expect(await booksOf(db, productId)).toEqual({ supplied: 10, onHand: 10, reserved: 0, sold: 0 });
    });

    it('adds up the same product on two lines', async () => {
      const productId = await givenProduct(db, { stock: 5 });
      const lines = [
        { productId, quantity: 3 },
        { productId: productId.toUpperCase(), quantity: 3 },
      ];

      await expect(reservations.reserve(randomUUID(), lines)).rejects.toEqual(conflict('out-of-stock'));
      expect(await booksOf(db, productId)).toMatchObject({ onHand: 5, reserved: 0 });

      await reservations.reserve(randomUUID(), [lines[0], { productId, quantity: 2 }] as typeof lines);
      expect(await booksOf(db, productId)).toMatchObject({ onHand: 0, reserved: 5 });
    });

    it('takes all of its lines or none, and names the lines that are short', async () => {
      const [full, low, none] = [await givenProduct(db, { stock: 9 }), await givenProduct(db, { stock: 1 }), randomUUID()];

      const refused = reservations.reserve(randomUUID(), [
        { productId: full, quantity: 1 },
        { productId: low, quantity: 2 },
        { productId: none, quantity: 1 },
      ]);

      await expect(refused).rejects.toMatchObject({
        code: 'out-of-stock',
        errors: expect.arrayContaining([
          { field: 'items.1.quantity', message: 'only 1 left' },
          { field: 'items.2.quantity', message: 'out of stock' },
        ]),
      });
      expect(await booksOf(db, full)).toMatchObject({ onHand: 9, reserved: 0 });
    });

    it('that was out of stock stays so, whatever comes in: its other workers must hear the same', async () => {
      const productId = await givenProduct(db, { stock: 1 });
      const orderId = randomUUID();
      const reserve = (quantity: number) => reservations.reserve(orderId, [{ productId, quantity }]);
      await expect(reserve(2)).rejects.toEqual(conflict('out-of-stock'));

      await expect(reserve(1)).rejects.toEqual(conflict('out-of-stock'));
      await expect(reservations.commit(orderId)).rejects.toEqual(conflict('reservation-released'));
      expect(await reservations.release(orderId)).toEqual({ orderId, status: 'released' });

      expect(await booksOf(db, productId)).toMatchObject({ onHand: 1, reserved: 0 });
    });
  });

  describe('a product', () => {
    it('is forgotten by the cache whenever its units on hand change, and only then', async () => {
      const productId = await givenProduct(db, { stock: 10 });
      const steps: [string, () => Promise<unknown>, number][] = [];
      const orderId = randomUUID();
      const other = randomUUID();
      const line = [{ productId, quantity: 1 }];
      steps.push(['reserve', () => reservations.reserve(orderId, line), 1]);
      steps.push(['reserve again', () => reservations.reserve(orderId, line), 0]);
      steps.push(['commit', () => reservations.commit(orderId), 0]);
      steps.push(['return', () => reservations.giveBack(orderId), 1]);
      steps.push(['return again', () => reservations.giveBack(orderId), 0]);
      steps.push(['reserve another', () => reservations.reserve(other, line), 1]);
      steps.push(['release', () => reservations.release(other), 1]);
      steps.push(['release again', () => reservations.release(other), 0]);

      for (const [name, step, times] of steps) {
        forgotten.length = 0;
        await step();
        expect({ name, forgotten }).toEqual({ name, forgotten: Array.from({ length: times }, () => productId) });
      }
    });
  });

  describe('a repeated call', () => {
    it('does nothing more, whichever it is', async () => {
      const productId = await givenProduct(db, { stock: 10 });
      const orderId = await reserved(productId, 2);

      expect(await reservations.reserve(orderId, [{ productId, quantity: 2 }])).toEqual({ orderId, status: 'reserved' });
      await reservations.commit(orderId);
      expect(await reservations.commit(orderId)).toEqual({ orderId, status: 'committed' });
      expect(await reservations.reserve(orderId, [{ productId, quantity: 2 }])).toEqual({ orderId, status: 'committed' });
      await reservations.giveBack(orderId);
      expect(await reservations.giveBack(orderId)).toEqual({ orderId, status: 'returned' });

      const released = await reserved(productId, 4);
      await reservations.release(released);
      expect(await reservations.release(released)).toEqual({ orderId: released, status: 'released' });
      expect(await booksOf(db, productId)).toEqual({ supplied: 10, onHand: 10, reserved: 0, sold: 0 });
    });

    it('is refused when it asks for other units', async () => {
      const productId = await givenProduct(db);
      const orderId = await reserved(productId, 2);

      await expect(reservations.reserve(orderId, [{ productId, quantity: 3 }])).rejects.toEqual(conflict('reservation-differs'));
    });
  });

  describe('a call that does not fit', () => {
    it('is told where the reservation stands', async () => {
      const productId = await givenProduct(db, { stock: 10 });
      const [open, committed, released, returned] = await Promise.all(times(4, () => reserved(productId, 1)));
      if (!open || !committed || !released || !returned) throw new Error('There are four.');
      await reservations.commit(committed);
      await reservations.release(released);
      await reservations.commit(returned);
      await reservations.giveBack(returned);
      const again = [{ productId, quantity: 1 }];

      await expect(reservations.giveBack(open)).rejects.toEqual(conflict('reservation-reserved'));
      await expect(reservations.release(committed)).rejects.toEqual(conflict('reservation-committed'));
      await expect(reservations.commit(released)).rejects.toEqual(conflict('reservation-released'));
      await expect(reservations.giveBack(released)).rejects.toEqual(conflict('reservation-released'));
      await expect(reservations.reserve(released, again)).rejects.toEqual(conflict('reservation-released'));
      await expect(reservations.commit(returned)).rejects.toEqual(conflict('reservation-returned'));
      expect(await reservations.release(returned)).toEqual({ orderId: returned, status: 'returned' });
      await expect(reservations.reserve(returned, again)).rejects.toEqual(conflict('reservation-returned'));
      await expect(reservations.commit(randomUUID())).rejects.toEqual(conflict('reservation-unknown'));
      await expect(reservations.giveBack(randomUUID())).rejects.toEqual(conflict('reservation-unknown'));
    });

    it('finds a tombstone when it reserves for an order that was released before', async () => {
      const productId = await givenProduct(db, { stock: 10 });
      const orderId = randomUUID();

      expect(await reservations.release(orderId)).toEqual({ orderId, status: 'released' });
      expect(await reservations.release(orderId)).toEqual({ orderId, status: 'released' });
      const late = reservations.reserve(orderId, [{ productId, quantity: 1 }]);

      await expect(late).rejects.toEqual(conflict('reservation-released'));
      expect(await booksOf(db, productId)).toMatchObject({ onHand: 10, reserved: 0 });
    });
  });

  describe('expiry', () => {
    it('puts the units of everything overdue back, and of nothing else', async () => {
      const [first, second] = [await givenProduct(db, { stock: 10 }), await givenProduct(db, { stock: 10 })];
      const overdue = [await reserved(first, 1), await reserved(first, 2), await reserved(second, 3)];
      const paid = await reserved(second, 4);
      await reservations.commit(paid);
      for (const orderId of [...overdue, paid]) await outlive(orderId);
      await reserved(first, 5);

      expect(await reservations.expire()).toBe(3);
      expect(await reservations.expire()).toBe(0);

      expect(await booksOf(db, first)).toEqual({ supplied: 10, onHand: 5, reserved: 5, sold: 0 });
      expect(await booksOf(db, second)).toEqual({ supplied: 10, onHand: 6, reserved: 0, sold: 4 });
      await expect(reservations.commit(overdue[0] ?? '')).rejects.toEqual(conflict('reservation-released'));
    });

    it('goes on until nothing is overdue', async () => {
      const productId = await givenProduct(db, { stock: 1_000 });
      await db.transaction(async (tx) => {
        await tx.execute(sql`
          with made as (
            insert into reservations (order_id, status, expires_at)
            select gen_random_uuid(), 'reserved', now() - interval '1 minute' from generate_series(1, 450)
            returning order_id
          )
          insert into reservation_lines (order_id, product_id, quantity) select m.order_id, ${productId}, 1 from made m
        `);
        await tx.execute(sql`
          update stock set on_hand = on_hand - 450, reserved = 450 where product_id = ${productId}
        `);
      });

      expect(await reservations.expire()).toBe(450);

      expect(await booksOf(db, productId)).toMatchObject({ onHand: 1_000, reserved: 0 });
    });

    it('comes after the time that was set, by the clock of the database', async () => {
      const productId = await givenProduct(db);
      const orderId = randomUUID();
      await service(3_600_000).reserve(orderId, [{ productId, quantity: 1 }]);

      const [row] = await db.query<{ seconds: number }>(sql`
        select extract(epoch from expires_at - created_at)::int as seconds from reservations where order_id = ${orderId}
      `);

      expect(row?.seconds).toBe(3_600);
    });
  });

  describe('races', () => {
    it('sell exactly 20 pieces to 200 buyers', async () => {
      const productId = await givenProduct(db, { stock: 20 });

      const results = await Promise.allSettled(
        times(200, () => reservations.reserve(randomUUID(), [{ productId, quantity: 1 }])),
      );

      expect(fulfilled(results)).toBe(20);
      expect(new Set(codes(results))).toEqual(new Set(['out-of-stock']));
      expect(await booksOf(db, productId)).toEqual({ supplied: 20, onHand: 0, reserved: 20, sold: 0 });
    });

    it('between orders with the same products in opposite order never end in a deadlock', async () => {
      const products = await Promise.all(times(4, () => givenProduct(db, { stock: 1_000 })));
      const there = products.map((productId) => ({ productId, quantity: 1 }));
      const back = [...there].reverse();

      const results = await Promise.allSettled(
        times(200, async (index) => {
          const orderId = randomUUID();
          await reservations.reserve(orderId, index % 2 === 0 ? there : back);
          await (index % 3 === 0 ? reservations.release(orderId) : reservations.commit(orderId));
        }),
      );

      expect(codes(results)).toEqual([]);
      for (const productId of products) expect(await booksOf(db, productId)).toMatchObject({ reserved: 0, sold: 133 });
      const [deadlocks] = await db.query<{ deadlocks: string }>(sql`
        select deadlocks from pg_stat_database where datname = current_database()
      `);
      expect(Number(deadlocks?.deadlocks)).toBe(0);
    });

    it('for one order reserve its units once', async () => {
      const productId = await givenProduct(db, { stock: 20 });
      const orderId = randomUUID();

      const results = await Promise.all(times(30, () => reservations.reserve(orderId, [{ productId, quantity: 2 }])));

      expect(results).toEqual(times(30, () => ({ orderId, status: 'reserved' })));
      expect(await booksOf(db, productId)).toMatchObject({ onHand: 18, reserved: 2 });
    });

    it('for one order are not out of stock because of each other', async () => {
      const productId = await givenProduct(db, { stock: 3 });
      const orderId = randomUUID();

      const results = await Promise.all(times(30, () => reservations.reserve(orderId, [{ productId, quantity: 3 }])));

      expect(results).toEqual(times(30, () => ({ orderId, status: 'reserved' })));
      expect(await booksOf(db, productId)).toEqual({ supplied: 3, onHand: 0, reserved: 3, sold: 0 });
    });

    it('for one order that is short all end in the same answer', async () => {
      const productId = await givenProduct(db, { stock: 2 });
      const orderId = randomUUID();
      const supply = db.execute(sql`
        with s as (update stock set supplied = supplied + 5, on_hand = on_hand + 5 where product_id = ${productId} returning product_id)
        insert into stock_movements (id, product_id, quantity, reason) select gen_random_uuid(), product_id, 5, 'Delivery' from s
      `);

      const [results] = await Promise.all([
        Promise.allSettled(times(30, () => reservations.reserve(orderId, [{ productId, quantity: 3 }]))),
        supply,
      ]);

      expect([0, 30]).toContain(fulfilled(results));
      expect(await booksOf(db, productId)).toMatchObject({ reserved: fulfilled(results) === 30 ? 3 : 0 });
    });

    it('with a delivery take the units that it brought, and are not content with none', async () => {
      const productId = await givenProduct(db, { stock: 2 });
      const orderId = randomUUID();

      let reserving: Promise<unknown> = Promise.resolve();
      await db.transaction(async (tx) => {
        await tx.execute(sql`update stock set supplied = supplied + 5, on_hand = on_hand + 5 where product_id = ${productId}`);
        await tx.execute(sql`
          insert into stock_movements (id, product_id, quantity, reason) values (gen_random_uuid(), ${productId}, 5, 'Delivery')
        `);
        reserving = reservations.reserve(orderId, [{ productId, quantity: 3 }]);
        await expect
          .poll(() =>
            db.query(sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`),
          )
          .toHaveLength(1);
      });

      expect(await reserving).toEqual({ orderId, status: 'reserved' });
      expect(await booksOf(db, productId)).toEqual({ supplied: 7, onHand: 4, reserved: 3, sold: 0 });
    });

    it('between reserve and release leave nothing reserved once released', async () => {
      const productId = await givenProduct(db, { stock: 100 });

      await Promise.all(
        times(50, async () => {
          const orderId = randomUUID();
          const [, release] = await Promise.allSettled([
            reservations.reserve(orderId, [{ productId, quantity: 1 }]),
            reservations.release(orderId),
          ]);
          expect(release).toMatchObject({ status: 'fulfilled', value: { status: 'released' } });
        }),
      );

      expect(await booksOf(db, productId)).toEqual({ supplied: 100, onHand: 100, reserved: 0, sold: 0 });
    });

    it('between commit, release and return leave the books whole', async () => {
      const productId = await givenProduct(db, { stock: 500 });
      const orders = await Promise.all(times(60, () => reserved(productId, 2)));

      const results = await Promise.allSettled(
        orders.flatMap((orderId, index) => [
          reservations.commit(orderId),
          reservations.release(orderId),
          reservations.commit(orderId),
          index % 2 === 0 ? reservations.giveBack(orderId) : reservations.release(orderId),
        ]),
      );

      const allowed = ['reservation-committed', 'reservation-released', 'reservation-reserved', 'reservation-returned'];
      expect(codes(results).filter((code) => !allowed.includes(code))).toEqual([]);
      const books = await booksOf(db, productId);
      expect(books.reserved).toBe(0);
      expect(books.onHand + books.sold).toBe(500);
    });

    it('between expiry and commit let one of them win and keep every unit', async () => {
      const productId = await givenProduct(db, { stock: 500 });
      const orders = await Promise.all(times(60, () => reserved(productId, 1)));
      for (const orderId of orders) await outlive(orderId);

      const [expired, commits] = await Promise.all([
        Promise.all(times(6, () => reservations.expire())),
        Promise.allSettled(orders.map((orderId) => reservations.commit(orderId))),
      ]);

      const swept = expired.reduce((sum, count) => sum + count, 0);
      expect(fulfilled(commits) + swept).toBe(60);
      expect(codes(commits).filter((code) => code !== 'reservation-released')).toEqual([]);
      expect(await booksOf(db, productId)).toEqual({ supplied: 500, onHand: 440 + swept, reserved: 0, sold: 60 - swept });
    });
  });
});
