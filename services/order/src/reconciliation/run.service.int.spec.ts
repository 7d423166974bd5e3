import { randomUUID } from 'node:crypto';
import { AppError } from '@emporium/errors';
import { Jobs } from '@emporium/jobs';
import { sql } from '@emporium/postgres';
import { recordingLogger, testDatabase } from '@emporium/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { waitingJobs } from '../../test/order-process.ts';
import { age, givenOrder, type OtherBooks, otherBooks, reconciliationProcess } from '../../test/reconciliation-process.ts';
import { addAdvance, addCompensation } from '../checkout/checkout.jobs.ts';
import { migrations } from '../migrations.ts';

const away = (code: string) => new AppError('unavailable', code, 'No.');
const told = (subjectId: string, kind: string, changes: object = {}) => ({
  kind,
  subjectId,
  reference: 'pi_1',
  details: {},
  repaired: false,
  ...changes,
});

describe('a reconciliation', () => {
  const db = testDatabase('reconciliation', { migrations, jobs: true });
  const jobs = new Jobs();
  let books: OtherBooks;
  let process: ReturnType<typeof reconciliationProcess>;

  beforeEach(async () => {
    await db.execute(sql`delete from orders`);
    await db.execute(sql`delete from reconciliation_runs`);
    await db.execute(sql`delete from reconciliation_findings`);
    await db.execute(sql`delete from graphile_worker._private_jobs`);
    books = otherBooks();
    process = reconciliationProcess(db, books);
  });

  it('of books that agree finds nothing, and says what it compared', async () => {
    for (const status of ['confirmed', 'rejected', 'cancelled', 'shipped', 'delivered'] as const)
      await givenOrder(db, books, status);
    const { id } = await givenOrder(db, books, 'pending');
    await addAdvance(jobs, db, id, { delayMs: 0 });
    books.products = [randomUUID(), randomUUID()];

    const { seen, counts, current, last } = await process.run();

    expect({ seen, counts, current }).toEqual({ seen: [], counts: { open: 0, repaired: 0, waiting: 0 }, current: undefined });
    expect(last).toMatchObject({ succeeded: true, trigger: 'request' });
    expect(last?.parts).toEqual([
      { part: 'provider', status: 'succeeded', compared: 6, problem: null },
      { part: 'orders', status: 'succeeded', compared: 6, problem: null },
      { part: 'stock', status: 'succeeded', compared: 2, problem: null },
    ]);
  });

  it('of a shop in which nothing ever happened succeeds as well', async () => {
    expect((await process.run()).last).toMatchObject({ succeeded: true });
  });

  describe('reports', () => {
    it('a sale nobody paid, one without units and one with others, until they are right', async () => {
      const [unpaid, empty, other] = [
        await givenOrder(db, books, 'confirmed'),
        await givenOrder(db, books, 'shipped'),
        await givenOrder(db, books, 'delivered'),
      ];
      const [payment, reservation] = [books.payments.get(unpaid.id), books.reservations.get(empty.id)];
      books.payments.delete(unpaid.id);
      books.reservations.delete(empty.id);
      books.reservations.set(other.id, { status: 'committed', lines: [{ productId: randomUUID(), quantity: 1 }] });

      const { seen, counts } = await process.run();

      expect(seen).toHaveLength(3);
      expect(seen).toEqual(
        expect.arrayContaining([
          { kind: 'order-not-paid', state: 'open', subjectId: unpaid.id },
          { kind: 'order-without-units', state: 'open', subjectId: empty.id },
          { kind: 'units-differ', state: 'open', subjectId: other.id },
        ]),
      );
      expect(counts).toEqual({ open: 3, repaired: 0, waiting: 0 });
      if (payment !== undefined) books.payments.set(unpaid.id, payment);
      if (reservation !== undefined) books.reservations.set(empty.id, reservation);
      // Nothing of them changes any more: a run that begins later must look at them for what it knows.
      expect((await process.run(new Date())).seen).toEqual([{ kind: 'units-differ', state: 'open', subjectId: other.id }]);
    });

    it('money and units without an order, which the other services name', async () => {
      const [paid, reserved, silent] = [randomUUID(), randomUUID(), randomUUID()];
      const eur = { amount: 100, currency: 'EUR' };
      for (const id of [paid, silent])
        books.payments.set(id, { status: 'succeeded', charged: eur, refunded: { ...eur, amount: 0 } });
      books.reservations.set(reserved, { status: 'committed', lines: [] });
      books.named.payments = [paid];
      books.named.reservations = [reserved];

      expect((await process.run()).seen).toEqual(
        expect.arrayContaining([
          { kind: 'payment-without-order', state: 'open', subjectId: paid },
          { kind: 'reservation-without-order', state: 'open', subjectId: reserved },
        ]),
      );
    });

    it('what the payment service says of the provider, under the name of that part, and what it has put right', async () => {
      const { id } = await givenOrder(db, books, 'confirmed');
      books.money = [
        told(id, 'charged-twice', { reference: 'pi_2' }),
        told(id, 'charge-unbooked', { repaired: true }),
        told(id, 'ledger-differs'),
      ];

      const { findings } = await process.run();

      expect(findings.map(({ part, kind, reference, state }) => [part, kind, reference, state]).sort()).toEqual([
        ['orders', 'ledger-differs', 'pi_1', 'open'],
        ['provider', 'charge-unbooked', 'pi_1', 'repaired'],
        ['provider', 'charged-twice', 'pi_2', 'open'],
      ]);
      books.money = [];
      expect((await process.run(new Date())).seen).toEqual([]);
    });

    it('a charge behind the back of the shop, for an order that changed long ago', async () => {
      const { id } = await givenOrder(db, books, 'confirmed');
      await age(db, id, 600);
      books.named.statement = [id];
      books.money = [told(id, 'charged-twice')];

      expect((await process.run(new Date())).seen).toEqual([{ kind: 'charged-twice', state: 'open', subjectId: id }]);
    });

    it('stock that differs from its reservations, and reservations that the clock forgot', async () => {
      const [product, order] = [randomUUID(), randomUUID()];
      books.products = [product, randomUUID()];
      books.stock = [told(product, 'stock-differs', { reference: '', details: { sold: 3, handedOver: 2 } })];
      books.overdue = [told(order, 'reservation-overdue', { reference: '', repaired: true })];

      const { findings } = await process.run();

      expect(findings.map(({ part, kind, subjectId, state }) => [part, kind, subjectId, state]).sort()).toEqual([
        ['stock', 'reservation-overdue', order, 'repaired'],
        ['stock', 'stock-differs', product, 'open'],
      ]);
      Object.assign(books, { products: [], stock: [], overdue: [] });
      expect((await process.run()).seen).toEqual([]);
    });

    it('a pending order that its job does not bring to its end', async () => {
      const { id } = await givenOrder(db, books, 'pending');
      await addAdvance(jobs, db, id, { delayMs: 60_000 });
      await db.execute(sql`update orders set deadline_at = now() - interval '6 minutes' where id = ${id}`);

      expect((await process.run()).seen).toEqual([{ kind: 'order-overdue', state: 'open', subjectId: id }]);
    });
  });

  describe('puts right', () => {
    it('a pending order that lost its job, however long ago', async () => {
      const { id } = await givenOrder(db, books, 'pending');
      await age(db, id, 600);

      const { seen } = await process.run(new Date());

      expect(seen).toEqual([{ kind: 'order-stuck', state: 'repaired', subjectId: id }]);
      expect(await waitingJobs(db, id)).toEqual(['advance-order']);
      expect((await process.run(new Date())).seen).toEqual([]);
    });

    it('an order that ended and still holds something, once: what comes again is for a person', async () => {
      const { id } = await givenOrder(db, books, 'cancelled');
      books.reservations.set(id, { status: 'committed', lines: [] });

      expect((await process.run()).seen).toEqual([{ kind: 'units-kept', state: 'repaired', subjectId: id }]);
      expect(await waitingJobs(db, id)).toEqual(['compensate-order']);
      expect((await process.run()).seen).toEqual([{ kind: 'units-kept', state: 'repaired', subjectId: id }]);

      await db.execute(sql`delete from graphile_worker._private_jobs`);
      expect((await process.run()).seen).toEqual([{ kind: 'units-kept', state: 'open', subjectId: id }]);
      expect(await waitingJobs(db, id)).toEqual([]);
    });

    it('nothing that a job is at: it is only seen to wait', async () => {
      const { id, total } = await givenOrder(db, books, 'cancelled');
      books.payments.set(id, { status: 'succeeded', charged: total, refunded: { ...total, amount: 0 } });
      await addCompensation(jobs, db, id, { delayMs: 60_000 });

      const { seen, counts } = await process.run();

      expect(seen).toEqual([{ kind: 'money-kept', state: 'waiting', subjectId: id }]);
      expect(counts).toEqual({ open: 0, repaired: 0, waiting: 1 });
      await db.execute(sql`update reconciliation_findings set first_seen_at = now() - interval '16 minutes'`);
      expect((await process.run()).seen).toEqual([{ kind: 'money-kept', state: 'open', subjectId: id }]);
    });
  });

  it('says of each new finding so in the log, louder when nobody has put it right, and once', async () => {
    const { logger, lines } = recordingLogger();
    process = reconciliationProcess(db, books, logger);
    const [open, held] = [await givenOrder(db, books, 'confirmed'), await givenOrder(db, books, 'rejected')];
    books.payments.delete(open.id);
    books.reservations.set(held.id, { status: 'reserved', lines: [] });

    await process.run();
    await process.run();
    books.reservations.delete(held.id);
    await process.run();

    const news = lines.filter(({ message }) => message.startsWith('the books'));
    expect(news.map(({ level, message, fields }) => [level, message, fields.kind]).sort()).toEqual([
      ['error', 'the books disagree', 'order-not-paid'],
      ['info', 'the books agree again', 'units-kept'],
      ['warn', 'the books disagree', 'units-kept'],
    ]);
  });

  describe('leaves alone', () => {
    it('what changed after its window, on any side, and what it knew of it', async () => {
      const [order, payment] = [await givenOrder(db, books, 'confirmed'), await givenOrder(db, books, 'confirmed')];
      for (const { id } of [order, payment]) books.payments.delete(id);
      expect((await process.run()).counts.open).toBe(2);

      books.moving.add(payment.id);
      const { seen } = await process.run(new Date(0), 60_000);

      expect(seen).toHaveLength(2);
      expect(process.payments.compare.mock.calls.at(-1)?.[0]).toEqual(expect.arrayContaining([order.id, payment.id]));
    });

    it('what a part that failed would have said: the other parts are compared all the same', async () => {
      const { id } = await givenOrder(db, books, 'confirmed');
      books.money = [told(id, 'charged-twice'), told(id, 'ledger-differs')];
      await process.run();
      books.money = [];
      process.payments.takeStatement.mockRejectedValueOnce(away('payment-provider-unavailable'));
      process.products.movedReservations.mockRejectedValue(away('product-unavailable'));

      const { seen, last } = await process.run();

      expect(seen).toEqual([{ kind: 'charged-twice', state: 'open', subjectId: id }]);
      expect(last).toMatchObject({ succeeded: false });
      expect(last?.parts).toEqual([
        { part: 'provider', status: 'failed', compared: 0, problem: 'payment-provider-unavailable' },
        { part: 'orders', status: 'failed', compared: 1, problem: 'product-unavailable' },
        { part: 'stock', status: 'failed', compared: 0, problem: 'product-unavailable' },
      ]);
    });

    it("the provider's word once the provider no longer answers, in the middle of a run", async () => {
      const { id } = await givenOrder(db, books, 'confirmed');
      books.money = [told(id, 'charged-twice'), told(id, 'ledger-differs')];
      process.payments.compare.mockRejectedValueOnce(away('payment-provider-timeout'));

      const { seen, last } = await process.run();

      expect(seen).toEqual([{ kind: 'ledger-differs', state: 'open', subjectId: id }]);
      expect(last?.parts[0]).toMatchObject({ part: 'provider', status: 'failed', problem: 'payment-provider-timeout' });
      expect(last?.parts[1]).toMatchObject({ part: 'orders', status: 'succeeded' });
    });
  });

  it('looks at every order of its window once, also when a thousand changed at one moment', async () => {
    const { id } = await givenOrder(db, books, 'confirmed');
    await db.execute(sql`
      insert into orders (id, user_id, status, version, total_minor, currency, shipping_address, payment_method, from_cart, deadline_at,
                          created_at, updated_at)
      select gen_random_uuid(), user_id, 'confirmed', 2, total_minor, currency, '{}', 'pm_card_visa', false, now(), now(), now()
        from orders, generate_series(1, 1050) where id = ${id}
    `);
    books.named.payments = (await db.query<{ id: string }>(sql`select id from orders`)).map((order) => order.id);

    const { last, counts } = await process.run();

    const compared = process.payments.compare.mock.calls.flatMap(([ids]) => ids);
    expect([compared.length, new Set(compared).size]).toEqual([1_051, 1_051]);
    expect(last?.parts[1]).toMatchObject({ compared: 1_051 });
    expect(counts.open).toBe(2_100);
  });

  describe('that is scheduled', () => {
    it('goes on where the last one ended, and covers again what a run that failed had to cover', async () => {
      const signal = new AbortController().signal;
      const scheduled = async () => {
        const run = await process.service.beginScheduled();
        await process.execution.execute(run.id, signal);
        return run;
      };

      const first = await scheduled();
      process.products.movedReservations.mockRejectedValueOnce(away('product-unavailable'));
      const failed = await scheduled();
      const third = await scheduled();
      const fourth = await scheduled();

      expect(first.until.getTime() - first.since.getTime()).toBe(86_400_000);
      expect([failed.since, third.since]).toEqual([first.until, first.until]);
      expect(fourth.since).toEqual(third.until);
    });

    it('is not moved on by a run that left a gap', async () => {
      const signal = new AbortController().signal;
      const first = await process.service.beginScheduled();
      await process.execution.execute(first.id, signal);
      await new Promise((resolve) => setTimeout(resolve, 5));
      await process.run(new Date());

      expect((await process.service.beginScheduled()).since).toEqual(first.until);
    });
  });

  describe('is one at a time', () => {
    it('however many begin one at once', async () => {
      const replicas = Array.from({ length: 4 }, () => reconciliationProcess(db, books));

      const begun = await Promise.all(
        replicas.flatMap(({ service }) => [
          service.beginAsked(randomUUID(), { since: new Date(0), graceMs: 0 }),
          service.beginScheduled(),
          service.beginScheduled(),
        ]),
      );

      expect(new Set(begun.map(({ id }) => id)).size).toBe(1);
      expect(await db.query(sql`select 1 from reconciliation_runs`)).toHaveLength(1);
      expect(await db.query(sql`select 1 from graphile_worker.jobs where task_identifier = 'reconcile'`)).toHaveLength(1);
    });

    it('however many replicas work on it at once: one does, the others leave it', async () => {
      await givenOrder(db, books, 'confirmed');
      const replicas = Array.from({ length: 6 }, () => reconciliationProcess(db, books));
      const run = await process.service.beginAsked(randomUUID(), { since: new Date(0), graceMs: 0 });
      const signal = new AbortController().signal;

      const done = await Promise.all(replicas.map(({ execution }) => execution.execute(run.id, signal)));

      expect(done.filter(Boolean).length).toBeGreaterThanOrEqual(1);
      const workers = replicas.filter(({ payments }) => payments.takeStatement.mock.calls.length > 0);
      expect(workers).toHaveLength(1);
      expect(workers[0]?.payments.compare).toHaveBeenCalledTimes(1);
      expect(await Promise.all(replicas.map(({ execution }) => execution.execute(run.id, signal)))).toEqual(Array(6).fill(true));
    });

    it('also when one stands still for longer than its lease: it does nothing more', async () => {
      await givenOrder(db, books, 'confirmed');
      const [stalled, next] = [reconciliationProcess(db, books), reconciliationProcess(db, books)];
      const run = await process.service.beginAsked(randomUUID(), { since: new Date(0), graceMs: 0 });
      const signal = new AbortController().signal;
      stalled.payments.takeStatement.mockImplementationOnce(async () => {
        expect(await next.execution.execute(run.id, signal)).toBe(false);
        await db.execute(sql`update reconciliation_runs set leased_until = now() - interval '1 second'`);
        expect(await next.execution.execute(run.id, signal)).toBe(true);
        return { taken: 1, nextCursor: null };
      });

      expect(await stalled.execution.execute(run.id, signal)).toBe(false);

      expect(stalled.payments.compare).not.toHaveBeenCalled();
      expect((await next.service.standing(1)).last).toMatchObject({ id: run.id, succeeded: true });
    });

    it('and free at once for the next process when its own ends', async () => {
      await givenOrder(db, books, 'confirmed');
      const ending = new AbortController();
      const run = await process.service.beginAsked(randomUUID(), { since: new Date(0), graceMs: 0 });
      process.payments.takeStatement.mockImplementationOnce(async () => {
        ending.abort();
        return { taken: 1, nextCursor: null };
      });

      await expect(process.execution.execute(run.id, ending.signal)).rejects.toThrow('The process ends');

      expect((await process.service.standing(1)).current).toMatchObject({ id: run.id });
      expect(await process.execution.execute(run.id, new AbortController().signal)).toBe(true);
    });

    it('and gets its job back if that was lost', async () => {
      const run = await process.service.beginScheduled();
      await db.execute(sql`delete from graphile_worker._private_jobs`);

      expect((await process.service.beginScheduled()).id).toBe(run.id);

      expect(await db.query(sql`select 1 from graphile_worker.jobs where key = ${`reconcile:${run.id}`}`)).toHaveLength(1);
    });
  });

  it('is forgotten after a month, and a resolved finding after three, but not how far the books were compared', async () => {
    await process.run();
    await process.run();
    await db.execute(sql`
      update reconciliation_runs set started_at = started_at - interval '31 days', finished_at = finished_at - interval '31 days'
    `);
    await db.execute(sql`
      insert into reconciliation_findings (id, part, kind, subject_id, reference, details, state, run_id, resolved_at)
      select gen_random_uuid(), 'orders', 'money-kept', gen_random_uuid(), '', '{}', 'resolved', gen_random_uuid(),
             now() - days * interval '1 day'
        from unnest(array[89, 91]) days
    `);
    const covered = await process.runs.coveredUntil(db);

    await process.service.purge();

    expect(await db.query(sql`select 1 from reconciliation_runs`)).toHaveLength(1);
    expect(await db.query(sql`select 1 from reconciliation_findings`)).toHaveLength(1);
    expect(await process.runs.coveredUntil(db)).toEqual(covered);
  });
});
