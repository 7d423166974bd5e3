import { randomUUID } from 'node:crypto';
import { liveJobs } from '@emporium/jobs';
import { money } from '@emporium/money';
import { sql } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aCharge, anOrder, paymentProcess, reconciliationProcess, startProvider } from '../../test/payment-world.ts';
import { migrations } from '../migrations.ts';
import { settlePaymentKey } from '../payments/payment.ts';
import { settleRefundKey } from '../refunds/refund.ts';

describe('comparing our books with those of the provider', () => {
  const db = testDatabase('payment_reconciliation', { migrations, jobs: true });
  let world: Awaited<ReturnType<typeof startProvider>>;
  let service: ReturnType<typeof paymentProcess>;
  let process: ReturnType<typeof reconciliationProcess>;

  beforeAll(async () => {
    world = await startProvider();
    service = paymentProcess(db, world.provider);
    process = reconciliationProcess(db, world.statement, service);
  });
  beforeEach(() => world.simulator.faults.reset());
  afterAll(() => world.close());

  const paidOrder = async (changes: Parameters<typeof aCharge>[0] = {}) => {
    const orderId = anOrder();
    await service.payments.charge(orderId, aCharge(changes));
    return orderId;
  };
  const refunded = async (orderId: string, amount: number) => {
    const refundId = randomUUID();
    await service.refunds.refund({ refundId, orderId, amount: money(amount, 'EUR'), reason: 'goodwill' });
    return refundId;
  };
  const atProvider = async (path: string, fields: Record<string, string | number>): Promise<{ id: string }> => {
    const answer = await fetch(`${world.baseUrl}/v1${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk_test_behind_our_back' },
      body: new URLSearchParams(Object.entries(fields).map(([name, value]): [string, string] => [name, String(value)])),
    });
    return (await answer.json()) as { id: string };
  };
  const chargeBehindOurBack = (orderId: string, amount = 1_000) =>
    atProvider('/payment_intents', {
      amount,
      currency: 'eur',
      payment_method: 'pm_card_visa',
      confirm: 'true',
      'metadata[order_id]': orderId,
    });
  const referenceOf = async (orderId: string) => (await service.payments.get(orderId)).providerReference ?? '';
  const forgetJobs = () => db.execute(sql`delete from graphile_worker._private_jobs`);

  /** What a run does for a handful of orders: the provider's whole statement, then these orders. */
  const compared = async (...orderIds: string[]) => {
    const [since, until] = [new Date(0), new Date(Date.now() + 1_000)];
    for (const kind of ['charge', 'refund'] as const) {
      for (let next: string | null | undefined; next !== null; ) {
        next = (await process.reconciliation.take(kind, { since, until }, next)).next;
      }
    }
    return (await process.comparison.compare(orderIds, { until, withProvider: true })).found;
  };
  const found = async (...orderIds: string[]) =>
    (await compared(...orderIds)).map(({ kind, reference, repaired }) => ({ kind, reference, repaired }));

  it('finds nothing after charges, declines, refunds, cancels and a fence', async () => {
    const orders = [
      await paidOrder(),
      await paidOrder({ paymentMethod: 'pm_card_chargeDeclined' }),
      anOrder(),
      await paidOrder(),
    ];
    const [, , fencedOrder = '', cancelledOrder = ''] = orders;
    await refunded(orders[0] ?? '', 300);
    await service.payments.cancel(fencedOrder, 'customer');
    await service.payments.cancel(cancelledOrder, 'customer');

    const {
      payments,
      moving,
      found: differences,
    } = await process.comparison.compare(orders, {
      until: new Date(Date.now() + 1_000),
      withProvider: true,
    });

    expect(differences).toEqual([]);
    expect(moving).toEqual([]);
    expect(
      payments.map(({ orderId, status, charged, refunded }) => [orderId, status, charged.amount, refunded.amount]).sort(),
    ).toEqual(
      [
        [orders[0], 'succeeded', 1_000, 300],
        [orders[1], 'declined', 0, 0],
        [fencedOrder, 'cancelled', 0, 0],
        [cancelledOrder, 'cancelled', 1_000, 1_000],
      ].sort(),
    );
    expect(await found(...orders)).toEqual([]);
  });

  describe('reports', () => {
    it('a charge for an order that has no payment', async () => {
      const orderId = anOrder();
      const { id } = await chargeBehindOurBack(orderId);

      expect(await found(orderId)).toEqual([{ kind: 'charge-unknown', reference: id, repaired: false }]);
    });

    it('a charge for an order whose payment was declined: nobody waits for it any more', async () => {
      const orderId = await paidOrder({ paymentMethod: 'pm_card_chargeDeclined' });
      const { id } = await chargeBehindOurBack(orderId);

      expect(await found(orderId)).toEqual([{ kind: 'charge-unknown', reference: id, repaired: false }]);
      expect(await service.payments.get(orderId)).toMatchObject({ status: 'declined' });
    });

    it('an order charged twice, until the second charge is given back', async () => {
      const orderId = await paidOrder();
      const { id } = await chargeBehindOurBack(orderId, 700);

      expect(await found(orderId)).toEqual([{ kind: 'charged-twice', reference: id, repaired: false }]);
      await atProvider('/refunds', { payment_intent: id });
      expect(await found(orderId)).toEqual([]);
    });

    it('a charge of another amount than booked', async () => {
      const orderId = await paidOrder();
      const intent = world.simulator.books.intents.get(await referenceOf(orderId));
      Object.assign(intent ?? {}, { amount_received: 900 });

      expect(await compared(orderId)).toEqual([
        expect.objectContaining({
          kind: 'charge-differs',
          details: { booked: '1000 EUR', provider: '900 EUR' },
          repaired: false,
        }),
      ]);
    });

    it('an open payment whose charge has another amount, and books nothing', async () => {
      const orderId = anOrder();
      world.simulator.faults.add([{ fault: 'fail', on: 'charge', times: 1 }]);
      await service.payments.charge(orderId, aCharge()).catch(() => undefined);
      const { id } = await chargeBehindOurBack(orderId, 700);

      expect(await found(orderId)).toEqual([{ kind: 'charge-unknown', reference: id, repaired: false }]);
      expect(await service.payments.get(orderId)).toMatchObject({ status: 'pending', charged: { amount: 0 } });
    });

    it('a charge that the provider does not know', async () => {
      const orderId = await paidOrder();
      const reference = await referenceOf(orderId);
      world.simulator.books.intents.delete(reference);

      expect(await found(orderId)).toEqual([{ kind: 'charge-missing', reference, repaired: false }]);
    });

    it('a refund that was made behind our back', async () => {
      const orderId = await paidOrder();
      const { id } = await atProvider('/refunds', { payment_intent: await referenceOf(orderId), amount: 300 });

      expect(await found(orderId)).toEqual([{ kind: 'refund-unknown', reference: id, repaired: false }]);
    });

    it('a refund of another amount, and one that the provider does not know', async () => {
      const orders = [await paidOrder(), await paidOrder()];
      const ids = [await refunded(orders[0] ?? '', 300), await refunded(orders[1] ?? '', 300)];
      const atTheirs = ids.map((id) =>
        [...world.simulator.books.refunds.values()].find(({ metadata }) => metadata.refund_id === id),
      );
      Object.assign(atTheirs[0] ?? {}, { amount: 400 });
      world.simulator.books.refunds.delete(atTheirs[1]?.id ?? '');

      expect(await found(...orders)).toEqual([
        { kind: 'refund-differs', reference: atTheirs[0]?.id, repaired: false },
        { kind: 'refund-missing', reference: atTheirs[1]?.id, repaired: false },
      ]);
    });

    it('a refund that we call failed and the provider does not', async () => {
      const orderId = await paidOrder();
      const refundId = await refunded(orderId, 300);
      await db.execute(sql`update refunds set status = 'failed' where id = ${refundId}`);
      await db.execute(sql`update payments set refunded_minor = 0 where order_id = ${orderId}`);

      expect((await found(orderId)).map(({ kind }) => kind)).toEqual(['refund-differs', 'ledger-differs']);
    });

    it('a ledger that says something else than the payment', async () => {
      const orderId = await paidOrder();
      await db.transaction(async (tx) => {
        const id = randomUUID();
        await tx.execute(sql`
          insert into ledger_transactions (id, payment_id, order_id, reason, source_id)
          select ${id}, p.id, p.order_id, 'refund', ${id} from payments p where p.order_id = ${orderId}
        `);
        await tx.execute(sql`
          insert into ledger_entries (id, transaction_id, account, amount_minor, currency)
          values (gen_random_uuid(), ${id}, 'provider_clearing', -50, 'EUR'), (gen_random_uuid(), ${id}, 'refunds', 50, 'EUR')
        `);
      });

      expect(await compared(orderId)).toEqual([
        expect.objectContaining({ kind: 'ledger-differs', details: { ledger: 950, kept: 1_000 }, repaired: false }),
      ]);
    });
  });

  describe('puts right, by the step that should have done it,', () => {
    const openPayment = async () => {
      const orderId = anOrder();
      world.simulator.faults.add([{ fault: 'lose-reply', on: 'charge', times: 1 }]);
      await expect(service.payments.charge(orderId, aCharge())).rejects.toMatchObject({ kind: 'unavailable' });
      return orderId;
    };

    it('a charge nobody heard of', async () => {
      const orderId = await openPayment();

      expect(await found(orderId)).toEqual([{ kind: 'charge-unbooked', reference: await referenceOf(orderId), repaired: true }]);
      expect(await service.payments.get(orderId)).toMatchObject({ status: 'succeeded', charged: { amount: 1_000 } });
      expect((await service.ledger.page({ orderId, limit: 9 })).entries).toHaveLength(2);
      expect(await found(orderId)).toEqual([]);
    });

    it('once, however many compare at a time', async () => {
      const orderId = await openPayment();
      await db.execute(sql`delete from provider_statement where order_id = ${orderId}`);

      const runs = await Promise.all(Array.from({ length: 10 }, () => found(orderId)));

      expect(runs.flat().every(({ kind, repaired }) => kind === 'charge-unbooked' && repaired)).toBe(true);
      expect((await service.ledger.page({ orderId, limit: 9 })).entries).toHaveLength(2);
      expect(world.simulator.books.statement(orderId).charges).toHaveLength(1);
    });

    it('a charge that came behind a fence: it is booked, and goes back by the job of its refund', async () => {
      const orderId = await openPayment();
      await db.execute(sql`update payments set cancel_requested_at = now() where order_id = ${orderId}`);

      expect(await found(orderId)).toMatchObject([{ kind: 'charge-unbooked', repaired: true }]);
      await service.refunds.settleAll(orderId);

      expect(await service.payments.get(orderId)).toMatchObject({ status: 'cancelled', refunded: { amount: 1_000 } });
      expect(await found(orderId)).toEqual([]);
    });

    it('a refund whose reply was lost, and one that the bank sent back without our hearing of it', async () => {
      const [lost, sentBack] = [await paidOrder(), await paidOrder({ paymentMethod: 'pm_card_refundFail' })];
      world.simulator.faults.add([{ fault: 'lose-reply', on: 'refund', times: 1 }]);
      await refunded(lost, 300);
      const refundId = await refunded(sentBack, 300);
      expect(await found(lost, sentBack)).toMatchObject([{ kind: 'refund-unbooked', repaired: true }]);

      const refund = [...world.simulator.books.refunds.values()].find(({ metadata }) => metadata.refund_id === refundId);
      await world.simulator.app.inject({ method: 'POST', url: `/_control/refunds/${refund?.id}/settle` });

      expect(await found(lost, sentBack)).toEqual([{ kind: 'refund-unbooked', reference: refund?.id, repaired: true }]);
      expect(await service.payments.get(sentBack)).toMatchObject({ refunded: { amount: 0 } });
      expect(await found(lost, sentBack)).toEqual([]);
    });

    it('open money that no job asks about any more', async () => {
      const [orderId, refundOrder] = [anOrder(), await paidOrder()];
      world.simulator.faults.add([
        { fault: 'fail', on: 'charge', times: 1 },
        { fault: 'fail', on: 'refund', times: 1 },
      ]);
      await service.payments.charge(orderId, aCharge()).catch(() => undefined);
      const refundId = await refunded(refundOrder, 300);
      expect(await found(orderId, refundOrder)).toEqual([]);
      await forgetJobs();

      expect(await found(orderId, refundOrder)).toEqual([
        { kind: 'payment-stuck', reference: '', repaired: true },
        { kind: 'refund-stuck', reference: refundId, repaired: true },
      ]);
      expect((await liveJobs(db, [settlePaymentKey(orderId), settleRefundKey(refundId)])).size).toBe(2);
      expect(await found(orderId, refundOrder)).toEqual([]);
    });
  });

  it('says nothing about money that moved a moment ago', async () => {
    const orderId = await paidOrder();
    world.simulator.books.intents.delete(await referenceOf(orderId));

    const {
      moving,
      payments,
      found: differences,
    } = await process.comparison.compare([orderId], {
      until: new Date(Date.now() - 60_000),
      withProvider: true,
    });

    expect({ moving, payments, differences }).toEqual({ moving: [orderId], payments: [], differences: [] });
  });

  it('goes without the provider when it must: what our own books say against each other is still found', async () => {
    const orderId = await paidOrder();
    world.simulator.faults.change({ failureRate: 1 });
    await db.execute(sql`update payments set refunded_minor = 100 where order_id = ${orderId}`);
    const until = new Date(Date.now() + 1_000);

    const { found: differences } = await process.comparison.compare([orderId], { until, withProvider: false });

    expect(differences).toMatchObject([{ kind: 'ledger-differs' }]);
    await expect(process.comparison.compare([orderId], { until, withProvider: true })).rejects.toMatchObject({
      kind: 'unavailable',
    });
  });
});
