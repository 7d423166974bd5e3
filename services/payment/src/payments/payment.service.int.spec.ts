import { randomUUID } from 'node:crypto';
import type { JobWorker } from '@emporium/jobs';
import { money } from '@emporium/money';
import { sql } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aCharge, announced, anOrder, paymentProcess, reconcile, startProvider, startTasks } from '../../test/payment-world.ts';
import { migrations } from '../migrations.ts';

describe('the payment service', () => {
  const db = testDatabase('payments', { migrations, jobs: true });
  let world: Awaited<ReturnType<typeof startProvider>>;
  let one: ReturnType<typeof paymentProcess>;
  let two: ReturnType<typeof paymentProcess>;
  const workers: JobWorker[] = [];

  const workTheJobs = async () => workers.push(await startTasks(db, one.tasks));
  const chargesOf = (orderId: string) => world.simulator.books.statement(orderId).charges;
  const statusOf = async (orderId: string) => (await one.payments.get(orderId)).status;

  beforeAll(async () => {
    world = await startProvider();
    one = paymentProcess(db, world.provider);
    two = paymentProcess(db, world.provider);
  });

  beforeEach(() => world.simulator.faults.reset());

  // Whatever a test did: the books, the payments and the provider tell the same story.
  afterEach(async () => {
    await expect
      .poll(async () => {
        const books = await reconcile(db, world.simulator);
        return books.ledger === books.provider && books.payments === books.provider && books.everything === 0;
      })
      .toBe(true);
    await Promise.all(workers.splice(0).map((worker) => worker.stop()));
  });

  afterAll(() => world.close());

  describe('charging', () => {
    it('takes the money once, books it and says so', async () => {
      const orderId = anOrder();

      const payment = await one.payments.charge(orderId, aCharge());
      const again = await two.payments.charge(orderId, aCharge());

      expect(payment).toMatchObject({ status: 'succeeded', charged: money(1_000, 'EUR'), refunded: money(0, 'EUR') });
      expect(again).toEqual(payment);
      expect(chargesOf(orderId)).toMatchObject([{ paymentIntent: payment.providerReference, amount: 1_000, currency: 'eur' }]);
      expect(await announced(db, orderId)).toEqual(['succeeded']);
      expect(
        (await one.ledger.page({ orderId, limit: 10 })).entries.map((entry) => [entry.account, entry.amount.amount]),
      ).toEqual([
        ['sales', -1_000],
        ['provider_clearing', 1_000],
      ]);
    });

    it.each([
      ['pm_card_chargeDeclined', 'generic_decline'],
      ['pm_card_chargeDeclinedInsufficientFunds', 'insufficient_funds'],
      ['pm_card_chargeDeclinedExpiredCard', 'expired_card'],
      ['pm_card_authenticationRequired', 'authentication_required'],
      ['pm_nobody_knows', 'unknown_payment_method'],
    ])('is declined for %s, with the reason', async (paymentMethod, reason) => {
      const orderId = anOrder();

      const payment = await one.payments.charge(orderId, aCharge({ paymentMethod }));

      expect(payment).toMatchObject({ status: 'declined', declineReason: reason, charged: money(0, 'EUR') });
      expect(await announced(db, orderId)).toEqual(['declined']);
      expect(await one.payments.charge(orderId, aCharge({ paymentMethod }))).toEqual(payment);
    });

    it('keeps nothing of a charge over another sum, and says so in the books', async () => {
      const orderId = anOrder();
      world.simulator.faults.add([{ fault: 'wrong-amount', on: 'charge', times: 1 }]);

      await expect(one.payments.charge(orderId, aCharge())).rejects.toMatchObject({ code: 'payment-cancelled' });

      expect(chargesOf(orderId)).toMatchObject([{ amount: 999, refunded: 999 }]);
      expect(await one.payments.get(orderId)).toMatchObject({ status: 'cancelled', charged: money(999, 'EUR') });
      expect(await announced(db, orderId)).toEqual([]);
    });

    it('refuses another amount, customer or card for the same order', async () => {
      const orderId = anOrder();
      await one.payments.charge(orderId, aCharge());

      const others = [
        { amount: money(1, 'EUR') },
        { amount: money(1_000, 'USD') },
        { userId: randomUUID() },
        { paymentMethod: 'x' },
      ];
      for (const change of others) {
        await expect(one.payments.charge(orderId, aCharge(change))).rejects.toMatchObject({ code: 'payment-differs' });
      }
    });

    it('makes one charge of twenty that race on two replicas', async () => {
      const orderId = anOrder();
      world.simulator.faults.add([{ fault: 'delay', delayMs: 50, on: 'charge', times: 1 }]);

      const racers = await Promise.allSettled(
        Array.from({ length: 20 }, (_, index) => (index % 2 ? one : two).payments.charge(orderId, aCharge())),
      );

      const failures = racers.flatMap((racer) => (racer.status === 'rejected' ? [racer.reason.code] : []));
      expect(racers.length - failures.length).toBeGreaterThan(0);
      expect(failures.filter((code) => code !== 'payment-in-progress')).toEqual([]);
      expect(chargesOf(orderId)).toHaveLength(1);
      expect(await announced(db, orderId)).toEqual(['succeeded']);
      expect(await one.payments.charge(orderId, aCharge())).toMatchObject({ status: 'succeeded' });
    });
  });

  describe('an outcome nobody heard', () => {
    it('is asked for again after a lost reply, and the money is taken once', async () => {
      const orderId = anOrder();
      world.simulator.faults.add([{ fault: 'lose-reply', on: 'charge', times: 1 }]);

      await expect(one.payments.charge(orderId, aCharge())).rejects.toMatchObject({ code: 'payment-provider-unavailable' });
      expect(await statusOf(orderId)).toBe('pending');
      expect(chargesOf(orderId)).toHaveLength(1);

      await workTheJobs();
      await expect.poll(() => statusOf(orderId)).toBe('succeeded');
      expect(chargesOf(orderId)).toHaveLength(1);
    });

    it('is asked for again after a time-out, however often it takes', async () => {
      const orderId = anOrder();
      world.simulator.faults.add([
        { fault: 'hang', on: 'charge', times: 1 },
        { fault: 'fail', on: 'charge', times: 2, status: 500 },
        { fault: 'hang', on: 'charge', times: 1, acts: true },
      ]);

      await expect(one.payments.charge(orderId, aCharge())).rejects.toMatchObject({ kind: 'timeout' });
      await workTheJobs();

      await expect.poll(() => statusOf(orderId), { timeout: 10_000 }).toBe('succeeded');
      expect(chargesOf(orderId)).toHaveLength(1);
    });

    it('is settled by a job when the process died before it asked', async () => {
      const orderId = anOrder();
      const dying = paymentProcess(
        db,
        Object.assign(Object.create(world.provider), { charge: () => new Promise<never>(() => undefined) }),
        { attemptMs: 100 },
      );
      void dying.payments.charge(orderId, aCharge());
      await expect.poll(async () => (await db.query(sql`select 1 from payments where order_id = ${orderId}`)).length).toBe(1);

      await workTheJobs();

      await expect.poll(() => statusOf(orderId)).toBe('succeeded');
      expect(chargesOf(orderId)).toHaveLength(1);
    });

    it('is found without the key when the key only repeats an error', async () => {
      const orderId = anOrder();
      world.simulator.faults.add([{ fault: 'lose-reply', on: 'charge', times: 1 }]);
      await expect(one.payments.charge(orderId, aCharge())).rejects.toThrow();
      world.simulator.faults.add([{ fault: 'fail', on: 'charge', times: 1, status: 500 }]);

      expect(await one.payments.recover(orderId, 5)).toBe(true);

      expect(await statusOf(orderId)).toBe('succeeded');
    });

    it('is never asked for with a key that the provider may have forgotten', async () => {
      const [taken, untaken, cancelled] = [anOrder(), anOrder(), anOrder()];
      const late = paymentProcess(db, world.provider, { keyLifetimeMs: -1 });
      world.simulator.faults.add([
        { fault: 'lose-reply', on: 'charge', times: 1 },
        { fault: 'fail', on: 'charge', times: 2 },
      ]);
      for (const orderId of [taken, untaken, cancelled]) {
        await expect(one.payments.charge(orderId, aCharge())).rejects.toThrow();
      }
      world.simulator.faults.reset();

      for (const orderId of [taken, untaken]) expect(await late.payments.recover(orderId, 0)).toBe(true);

      expect(await statusOf(taken)).toBe('succeeded');
      expect(await one.payments.get(untaken)).toMatchObject({ status: 'declined', declineReason: 'expired' });
      expect(await late.payments.cancel(cancelled, 'too late')).toMatchObject({ status: 'cancelled' });
      expect(chargesOf(untaken)).toEqual([]);
    });

    it('is nobody else’s to ask for while an attempt runs', async () => {
      const orderId = anOrder();
      world.simulator.faults.add([{ fault: 'delay', delayMs: 150, on: 'charge', times: 1 }]);

      const first = one.payments.charge(orderId, aCharge());
      await expect.poll(async () => (await db.query(sql`select 1 from payments where order_id = ${orderId}`)).length).toBe(1);

      await expect(two.payments.charge(orderId, aCharge())).rejects.toMatchObject({ code: 'payment-in-progress' });
      expect(await two.payments.recover(orderId, 0)).toBe(false);
      expect(await first).toMatchObject({ status: 'succeeded' });
      expect(await two.payments.recover(orderId, 0)).toBe(true);
      expect(await two.payments.recover(anOrder(), 0)).toBe(true);
    });
  });

  describe('cancelling', () => {
    it('gives all the money back, once, however often it is asked', async () => {
      const orderId = anOrder();
      await one.payments.charge(orderId, aCharge());

      const cancelled = await one.payments.cancel(orderId, 'customer');
      const again = await Promise.all(Array.from({ length: 10 }, () => two.payments.cancel(orderId, 'customer')));

      expect(cancelled).toMatchObject({ status: 'cancelled', charged: money(1_000, 'EUR'), refunded: money(1_000, 'EUR') });
      expect(new Set(again.map((payment) => payment.status))).toEqual(new Set(['cancelled']));
      expect(world.simulator.books.statement(orderId).refunds).toHaveLength(1);
    });

    it('gives back only what earlier refunds left', async () => {
      const orderId = anOrder();
      await one.payments.charge(orderId, aCharge());
      await one.refunds.refund({ refundId: randomUUID(), orderId, amount: money(300, 'EUR'), reason: 'scratched' });

      expect(await one.payments.cancel(orderId, 'customer')).toMatchObject({
        status: 'cancelled',
        refunded: money(1_000, 'EUR'),
      });
      expect(world.simulator.books.statement(orderId).refunds.map((refund) => refund.amount)).toEqual([300, 700]);
    });

    it('fences an order that nobody charged yet', async () => {
      const orderId = anOrder();

      expect(await one.payments.cancel(orderId, 'expired')).toMatchObject({ status: 'cancelled', charged: money(0, 'EUR') });
      await expect(one.payments.charge(orderId, aCharge())).rejects.toMatchObject({ code: 'payment-cancelled' });
      expect(chargesOf(orderId)).toEqual([]);
    });

    it('leaves a declined payment declined', async () => {
      const orderId = anOrder();
      await one.payments.charge(orderId, aCharge({ paymentMethod: 'pm_card_chargeDeclined' }));

      expect(await one.payments.cancel(orderId, 'declined')).toMatchObject({ status: 'declined' });
    });

    it('closes the key of a charge that never reached the provider, so that no money moves at all', async () => {
      const orderId = anOrder();
      world.simulator.faults.add([{ fault: 'fail', on: 'charge', times: 1 }]);
      await expect(one.payments.charge(orderId, aCharge())).rejects.toThrow();

      expect(await one.payments.cancel(orderId, 'deadline')).toMatchObject({ status: 'cancelled', charged: money(0, 'EUR') });

      const late = world.provider.charge({ orderId, paymentId: randomUUID(), ...aCharge() });
      await expect(late).rejects.toMatchObject({ code: 'payment-outcome-unknown' });
      expect(chargesOf(orderId)).toEqual([]);
    });

    it('gives back the money of a charge whose reply was lost', async () => {
      const orderId = anOrder();
      world.simulator.faults.add([{ fault: 'lose-reply', on: 'charge', times: 1 }]);
      await expect(one.payments.charge(orderId, aCharge())).rejects.toThrow();

      expect(await one.payments.cancel(orderId, 'deadline')).toMatchObject({
        status: 'cancelled',
        refunded: money(1_000, 'EUR'),
      });
      expect(await announced(db, orderId)).toEqual([]);
    });

    it('is finished by a job when the provider is silent', async () => {
      const [paid, unknown] = [anOrder(), anOrder()];
      await one.payments.charge(paid, aCharge());
      world.simulator.faults.add([{ fault: 'lose-reply', on: 'charge', times: 1 }]);
      await expect(one.payments.charge(unknown, aCharge())).rejects.toThrow();
      world.simulator.faults.change({ failureRate: 1 });
      for (const orderId of [paid, unknown])
        await expect(one.payments.cancel(orderId, 'deadline')).rejects.toMatchObject({ kind: 'unavailable' });

      await workTheJobs();
      world.simulator.faults.reset();

      await expect.poll(() => statusOf(paid), { timeout: 10_000 }).toBe('cancelled');
      await expect.poll(() => statusOf(unknown), { timeout: 10_000 }).toBe('cancelled');
    });

    it('keeps no money when it races with the charge', async () => {
      const orders = Array.from({ length: 20 }, anOrder);
      world.simulator.faults.change({ latencyMs: 10 });

      await Promise.allSettled(
        orders.flatMap((orderId, index) => {
          const charge = () => one.payments.charge(orderId, aCharge());
          const cancel = () => two.payments.cancel(orderId, 'race');
          return index % 2 ? [charge(), cancel()] : [cancel(), charge()];
        }),
      );
      await workTheJobs();

      for (const orderId of orders) {
        await expect.poll(() => statusOf(orderId), { timeout: 10_000 }).toBe('cancelled');
        const { charges } = world.simulator.books.statement(orderId);
        expect(charges.reduce((kept, charge) => kept + charge.amount - charge.refunded, 0)).toBe(0);
      }
    });

    it('says that it is not done while the provider refuses the refund', async () => {
      const orderId = anOrder();
      const charge = await one.payments.charge(orderId, aCharge());
      const refused = paymentProcess(
        db,
        Object.assign(Object.create(world.provider), {
          refund: async () => ({ kind: 'failed', reason: 'no funds', reference: null }),
        }),
      );

      await expect(refused.payments.cancel(orderId, 'customer')).rejects.toMatchObject({ code: 'payment-cancel-in-progress' });
      await expect(one.payments.charge(orderId, aCharge())).rejects.toMatchObject({ code: 'payment-cancelled' });

      expect(await one.payments.cancel(orderId, 'customer')).toMatchObject({ id: charge.id, status: 'cancelled' });
    });
  });

  describe('reading', () => {
    it('lists payments newest first, in pages, and of one order', async () => {
      const orderId = anOrder();
      await one.payments.charge(orderId, aCharge());

      const all: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await one.payments.page({ limit: 3, cursor });
        all.push(...page.payments.map((payment) => payment.id));
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      const [count] = await db.query<{ count: string }>(sql`select count(*) from payments`);

      expect(all).toHaveLength(Number(count?.count));
      expect(new Set(all).size).toBe(all.length);
      expect((await one.payments.page({ orderId, limit: 20 })).payments.map((payment) => payment.orderId)).toEqual([orderId]);
      await expect(one.payments.get(anOrder())).rejects.toMatchObject({ kind: 'not-found' });
    });
  });

  describe('the tables', () => {
    it('refuse a second payment of an order and a payment that kept what it says it gave back', async () => {
      const orderId = anOrder();
      const payment = await one.payments.charge(orderId, aCharge());

      await expect(
        db.execute(sql`
          insert into payments (id, order_id, amount_minor, currency, status) values (${randomUUID()}, ${orderId}, 1, 'EUR', 'pending')
        `),
      ).rejects.toMatchObject({ constraint: 'payments_order_id_key' });
      await expect(db.execute(sql`update payments set refunded_minor = 1001 where id = ${payment.id}`)).rejects.toMatchObject({
        constraint: 'payments_refunded_at_most_charged',
      });
      await expect(db.execute(sql`update payments set status = 'cancelled' where id = ${payment.id}`)).rejects.toMatchObject({
        constraint: 'payments_status_tells_the_money',
      });
    });
  });
});
