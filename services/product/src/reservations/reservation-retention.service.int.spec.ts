import { randomUUID } from 'node:crypto';
import { sql } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { booksOf, forgetfulCache, givenProduct } from '../../test/given.ts';
import { migrations } from '../migrations.ts';
import { ReservationJobs } from './reservation.jobs.ts';
import { ReservationRepository } from './reservation.repository.ts';
import { ReservationService } from './reservation.service.ts';
import { ReservationRetentionService } from './reservation-retention.service.ts';

const day = 86_400_000;
const conflict = (code: string) => expect.objectContaining({ kind: 'conflict', code });

describe('keeping reservations', () => {
  const db = testDatabase('reservation_retention', { migrations });
  const repository = new ReservationRepository();
  const reservations = new ReservationService(db, repository, forgetfulCache().cache, { reservationTtlMs: 60_000 });
  const settings = { overReservationsKeptMs: 7 * day, committedReservationsKeptMs: 90 * day };
  const retention = new ReservationRetentionService(db, repository, settings);
  const { tasks } = new ReservationJobs(reservations, retention);

  const age = (orderId: string, days: number) =>
    db.execute(sql`update reservations set updated_at = now() - ${days} * interval '1 day' where order_id = ${orderId}`);
  const known = async () =>
    (await db.query<{ order_id: string }>(sql`select order_id from reservations`)).map((row) => row.order_id).sort();
  /** One order in each status, last changed so many days ago. */
  const given = async (days: number) => {
    const productId = await givenProduct(db, { stock: 10 });
    const orders = {
      refused: randomUUID(),
      released: randomUUID(),
      returned: randomUUID(),
      committed: randomUUID(),
      reserved: randomUUID(),
    };
    await expect(reservations.reserve(orders.refused, [{ productId, quantity: 11 }])).rejects.toEqual(conflict('out-of-stock'));
    await reservations.release(orders.released);
    for (const orderId of [orders.returned, orders.committed, orders.reserved]) {
      await reservations.reserve(orderId, [{ productId, quantity: 1 }]);
    }
    for (const orderId of [orders.returned, orders.committed]) await reservations.commit(orderId);
    await reservations.giveBack(orders.returned);
    for (const orderId of Object.values(orders)) await age(orderId, days);
    return { productId, orders };
  };

  beforeEach(() => db.execute(sql`delete from reservations`));

  it('is for a week when they are over and three months when they are sold; those held are left to the clock', async () => {
    const [young, old, ancient] = [await given(6), await given(8), await given(91)];

    expect(await retention.purge()).toBe(7);

    const kept = [...Object.values(young.orders), old.orders.committed, old.orders.reserved, ancient.orders.reserved];
    expect(await known()).toEqual(kept.sort());
    expect(await retention.purge()).toBe(0);
  });

  it('ends without a trace in the books, and a return that comes later is refused', async () => {
    const { productId, orders } = await given(91);
    const books = await booksOf(db, productId);

    await retention.purge();

    await expect(reservations.giveBack(orders.committed)).rejects.toEqual(conflict('reservation-unknown'));
    await expect(reservations.commit(orders.committed)).rejects.toEqual(conflict('reservation-unknown'));
    expect(await booksOf(db, productId)).toEqual(books);
    expect(await db.query(sql`select 1 from reservation_lines where order_id = ${orders.committed}`)).toEqual([]);
  });

  it('goes on until nothing is left, and stops between two steps when told to', async () => {
    await db.execute(sql`
      insert into reservations (order_id, status, expires_at, updated_at)
      select gen_random_uuid(), 'released', now(), now() - interval '8 days' from generate_series(1, 1200)
    `);

    await tasks['purge-reservations']({}, { signal: AbortSignal.abort() });
    expect(await known()).toHaveLength(700);

    await tasks['purge-reservations']({}, { signal: new AbortController().signal });
    expect(await known()).toEqual([]);
  });

  it('does not wait for a sale that is being returned, nor take it away', async () => {
    const { productId, orders } = await given(91);

    await db.transaction(async (tx) => {
      await tx.execute(sql`select 1 from reservations where order_id = ${orders.committed} for update`);
      await retention.purge();
    });

    expect(await known()).toContain(orders.committed);
    expect(await reservations.giveBack(orders.committed)).toMatchObject({ status: 'returned' });
    expect(await booksOf(db, productId)).toMatchObject({ sold: 0 });
  });

  it('loses no unit and no answer when twenty returns race with it', async () => {
    const shops = await Promise.all(Array.from({ length: 20 }, () => given(91)));

    const [, ...returns] = await Promise.allSettled([
      retention.purge(),
      ...shops.map(({ orders }) => reservations.giveBack(orders.committed)),
    ]);

    for (const [index, outcome] of returns.entries()) {
      const { sold } = await booksOf(db, shops[index]?.productId ?? '');
      if (outcome.status === 'fulfilled') expect(sold).toBe(0);
      else expect([outcome.reason, sold]).toEqual([conflict('reservation-unknown'), 1]);
    }
    expect(returns).toHaveLength(20);
  });
});
