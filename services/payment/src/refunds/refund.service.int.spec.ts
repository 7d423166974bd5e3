import { randomUUID } from 'node:crypto';
import type { JobWorker } from '@emporium/jobs';
import { money } from '@emporium/money';
import { runInContext } from '@emporium/telemetry';
import { testDatabase } from '@emporium/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  aCharge,
  anOrder,
  paymentProcess,
  providerClient,
  reconcile,
  startProvider,
  startTasks,
} from '../../test/payment-world.ts';
import { migrations } from '../migrations.ts';

describe('refunds', () => {
  const db = testDatabase('refunds', { migrations, jobs: true });
  let world: Awaited<ReturnType<typeof startProvider>>;
  let service: ReturnType<typeof paymentProcess>;
  const workers: JobWorker[] = [];

  const paidOrder = async (paymentMethod = 'pm_card_visa') => {
    const orderId = anOrder();
    await service.payments.charge(orderId, aCharge({ paymentMethod }));
    return orderId;
  };
  const order = (orderId: string, amount: number, refundId: string = randomUUID()) => ({
    refundId,
    orderId,
    amount: money(amount, 'EUR'),
    reason: 'goodwill',
  });

  beforeAll(async () => {
    world = await startProvider();
    service = paymentProcess(db, world.provider);
  });

  beforeEach(() => world.simulator.faults.reset());

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

  it('give part of the money back and book it', async () => {
    const orderId = await paidOrder();

    const refund = await service.refunds.refund(order(orderId, 400));

    expect(refund.status).toBe('succeeded');
    expect(await service.payments.get(orderId)).toMatchObject({ status: 'succeeded', refunded: money(400, 'EUR') });
    expect(
      (await service.ledger.page({ orderId, limit: 2 })).entries.map((entry) => [entry.account, entry.amount.amount]),
    ).toEqual([
      ['refunds', 400],
      ['provider_clearing', -400],
    ]);
  });

  it('are one refund when one id is asked for by ten at once', async () => {
    const orderId = await paidOrder();
    const refundId = randomUUID();

    const racers = await Promise.allSettled(
      Array.from({ length: 10 }, () => service.refunds.refund(order(orderId, 100, refundId))),
    );
    const after = await service.refunds.refund(order(orderId, 100, refundId));

    expect(racers.some((racer) => racer.status === 'fulfilled')).toBe(true);
    expect(after.status).toBe('succeeded');
    expect(world.simulator.books.statement(orderId).refunds).toHaveLength(1);
    expect(await service.payments.get(orderId)).toMatchObject({ refunded: money(100, 'EUR'), refunding: money(0, 'EUR') });
  });

  it('let exactly one of two pass that ask for 60 % each at once', async () => {
    const orderId = await paidOrder();

    const racers = await Promise.allSettled([
      service.refunds.refund(order(orderId, 600)),
      service.refunds.refund(order(orderId, 600)),
    ]);

    expect(racers.filter((racer) => racer.status === 'fulfilled')).toHaveLength(1);
    expect(racers.find((racer) => racer.status === 'rejected')).toMatchObject({ reason: { code: 'refund-exceeds-charge' } });
    expect(world.simulator.books.statement(orderId).totals).toMatchObject([{ refunded: 600 }]);
  });

  it('are refused beyond the charge, in another currency, without a charge and under a used id', async () => {
    const [orderId, other] = [await paidOrder(), await paidOrder()];
    const refund = await service.refunds.refund(order(orderId, 500));

    const refused = (code: string) => expect.objectContaining({ code });
    await expect(service.refunds.refund(order(orderId, 501))).rejects.toEqual(refused('refund-exceeds-charge'));
    await expect(service.refunds.refund({ ...order(orderId, 1), amount: money(1, 'USD') })).rejects.toMatchObject({
      kind: 'invalid',
      errors: [{ field: 'amount.currency', message: 'must be EUR, as the charge is' }],
    });
    await expect(service.refunds.refund(order(anOrder(), 1))).rejects.toEqual(refused('payment-not-found'));
    await expect(service.refunds.refund(order(orderId, 499, refund.id))).rejects.toEqual(refused('refund-id-reused'));
    await expect(service.refunds.refund(order(other, 500, refund.id))).rejects.toEqual(refused('refund-id-reused'));
  });

  it('are found out by a job when the reply is lost, and given once', async () => {
    const orderId = await paidOrder();
    world.simulator.faults.add([
      { fault: 'lose-reply', on: 'refund', times: 1 },
      { fault: 'fail', on: 'refund', times: 1 },
    ]);

    expect(await service.refunds.refund(order(orderId, 400))).toMatchObject({ status: 'pending' });
    workers.push(await startTasks(db, service.tasks));

    await expect.poll(async () => (await service.payments.get(orderId)).refunded.amount, { timeout: 10_000 }).toBe(400);
    expect(world.simulator.books.statement(orderId).refunds).toHaveLength(1);
    expect(await service.refunds.recover(randomUUID())).toBe(true);
  });

  it('are pending before the time of the request is over when the provider hangs, and given once by a job', async () => {
    const orderId = await paidOrder();
    const patient = providerClient(world.baseUrl, { timeoutMs: 10_000 });
    const waiting = paymentProcess(db, patient.provider);
    world.simulator.faults.add([{ fault: 'hang', on: 'refund', times: 1, acts: true }]);
    const deadline = Date.now() + 1_500;

    const refund = await runInContext({ requestId: 'r', deadline }, () => waiting.refunds.refund(order(orderId, 400)));

    expect(refund.status).toBe('pending');
    expect(Date.now()).toBeLessThan(deadline);
    await patient.close();
    workers.push(await startTasks(db, service.tasks));
    await expect.poll(async () => (await service.payments.get(orderId)).refunded.amount, { timeout: 10_000 }).toBe(400);
    expect(world.simulator.books.statement(orderId).refunds).toHaveLength(1);
  });

  it('free the amount again when the provider refuses them', async () => {
    const orderId = await paidOrder();
    const refusing = paymentProcess(
      db,
      Object.assign(Object.create(world.provider), {
        refund: async () => ({ kind: 'failed', reason: 'charge_already_refunded', reference: null }),
      }),
    );
    const refundId = randomUUID();

    await expect(refusing.refunds.refund(order(orderId, 1_000, refundId))).rejects.toMatchObject({ code: 'refund-failed' });
    await expect(service.refunds.refund(order(orderId, 1_000, refundId))).rejects.toMatchObject({ code: 'refund-failed' });

    expect(await service.payments.get(orderId)).toMatchObject({ refunding: money(0, 'EUR'), refunded: money(0, 'EUR') });
    expect((await service.refunds.refund(order(orderId, 1_000))).status).toBe('succeeded');
  });

  it('come back into the books when the bank does not take them', async () => {
    const orderId = await paidOrder('pm_card_refundFail');
    const cancelled = await service.payments.cancel(orderId, 'customer');
    const [refund] = [...world.simulator.books.refunds.values()].filter((each) => each.metadata.order_id === orderId);

    world.simulator.webhooks.events.length = 0;
    await world.simulator.app.inject({ method: 'POST', url: `/_control/refunds/${refund?.id}/settle` });
    await service.refunds.settleAll(orderId);
    const [known] = await Promise.all([db.transaction((tx) => service.refunds.find(tx, refund?.metadata.refund_id ?? ''))]);
    if (known === undefined) throw new Error('the refund is known');
    for (const _ of [1, 2]) {
      await db.transaction((tx) =>
        service.refunds.settle(tx, known, { kind: 'failed', reason: 'lost_or_stolen_card', reference: 're' }),
      );
    }

    expect(cancelled.status).toBe('cancelled');
    expect(await service.payments.get(orderId)).toMatchObject({ status: 'succeeded', refunded: money(0, 'EUR') });
    expect((await service.ledger.page({ orderId, limit: 20 })).entries).toHaveLength(6);
  });
});
