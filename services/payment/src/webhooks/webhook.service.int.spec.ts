import { randomUUID } from 'node:crypto';
import { AppError } from '@emporium/errors';
import type { JobWorker } from '@emporium/jobs';
import { money } from '@emporium/money';
import { sql } from '@emporium/postgres';
import { signature } from '@emporium/stripe-simulator';
import { registry } from '@emporium/telemetry';
import { testDatabase } from '@emporium/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  aCharge,
  announced,
  anOrder,
  paymentProcess,
  reconcile,
  startProvider,
  startTasks,
  webhookSecret,
} from '../../test/payment-world.ts';
import { migrations } from '../migrations.ts';
import type { ChargeInstruction } from '../provider/provider.ts';

describe('webhooks', () => {
  const db = testDatabase('webhooks', { migrations, jobs: true });
  let world: Awaited<ReturnType<typeof startProvider>>;
  let service: ReturnType<typeof paymentProcess>;
  const workers: JobWorker[] = [];

  const send = (event: object, header?: string) => {
    const payload = JSON.stringify(event);
    return service.webhooks.receive(Buffer.from(payload), header ?? signature(payload, webhookSecret));
  };
  const eventsOf = (orderId: string) =>
    world.simulator.webhooks.events.filter((event) => {
      const { metadata } = event.data.object as { metadata?: { order_id?: string } };
      return metadata?.order_id === orderId;
    });
  const repeated = async () => {
    const metric = await registry.getSingleMetric('emporium_webhooks_received_total')?.get();
    return metric?.values.find((value) => value.labels.effect === 'repeated')?.value ?? 0;
  };
  const chargeThatNobodyHeardOf = async (charge = aCharge()) => {
    const orderId = anOrder();
    world.simulator.faults.add([{ fault: 'lose-reply', on: 'charge', times: 1 }]);
    await expect(service.payments.charge(orderId, charge)).rejects.toThrow();
    return orderId;
  };

  beforeAll(async () => {
    world = await startProvider();
    service = paymentProcess(db, world.provider);
  });

  beforeEach(() => world.simulator.faults.reset());
  afterEach(() => Promise.all(workers.splice(0).map((worker) => worker.stop())));
  afterAll(async () => {
    const books = await reconcile(db, world.simulator);
    await world.close();
    expect(books).toEqual({ provider: books.ledger, ledger: books.ledger, payments: books.ledger, everything: 0 });
  });

  it('settle a charge before its reply, and the reply changes nothing', async () => {
    const orderId = anOrder();
    const slow = paymentProcess(
      db,
      Object.assign(Object.create(world.provider), {
        charge: async (instruction: ChargeInstruction) => {
          const outcome = await world.provider.charge(instruction);
          for (const event of eventsOf(orderId)) await send(event);
          expect((await service.payments.get(orderId)).status).toBe('succeeded');
          return outcome;
        },
      }),
    );

    const payment = await slow.payments.charge(orderId, aCharge());

    expect(payment.status).toBe('succeeded');
    expect(await announced(db, orderId)).toEqual(['succeeded']);
    expect((await service.ledger.page({ orderId, limit: 10 })).entries).toHaveLength(2);
  });

  it('settle a charge whose reply was lost', async () => {
    const orderId = await chargeThatNobodyHeardOf();

    for (const event of eventsOf(orderId)) await send(event);

    expect(await service.payments.get(orderId)).toMatchObject({ status: 'succeeded', charged: money(1_000, 'EUR') });
    expect(await service.payments.charge(orderId, aCharge())).toMatchObject({ status: 'succeeded' });
  });

  it('settle a decline whose reply was lost, with the reason', async () => {
    const paymentMethod = 'pm_card_chargeDeclinedInsufficientFunds';
    const orderId = await chargeThatNobodyHeardOf(aCharge({ paymentMethod }));

    for (const event of eventsOf(orderId)) await send(event);

    expect(await service.payments.get(orderId)).toMatchObject({ status: 'declined', declineReason: 'insufficient_funds' });
  });

  it('have one effect when twenty copies race, in any order', async () => {
    const orderId = await chargeThatNobodyHeardOf();
    const events = eventsOf(orderId).reverse();
    const before = await repeated();

    await Promise.all(Array.from({ length: 20 }, () => events.map((event) => send(event))).flat());

    expect(await announced(db, orderId)).toEqual(['succeeded']);
    expect((await service.ledger.page({ orderId, limit: 10 })).entries).toHaveLength(2);
    expect(events.map(({ type }) => type)).toEqual(['payment_intent.succeeded', 'charge.succeeded']);
    const seen = await db.query<{ id: string }>(
      sql`select id from webhook_events where id in (${events[0]?.id}, ${events[1]?.id})`,
    );
    // The other one says nothing about a payment.
    expect(seen).toEqual([{ id: events[0]?.id }]);
    expect((await repeated()) - before).toBe(19);
  });

  it('of what the books say already wait for nobody who is at the payment', async () => {
    const orderId = anOrder();
    await service.payments.charge(orderId, aCharge());
    const before = await repeated();

    await db.transaction(async (tx) => {
      await tx.query(sql`select 1 from payments where order_id = ${orderId} for update`);
      for (const event of eventsOf(orderId)) await send(event);
    });

    expect((await repeated()) - before).toBe(1);
    expect(await db.query(sql`select 1 from webhook_events where id = any(${eventsOf(orderId).map(({ id }) => id)})`)).toEqual(
      [],
    );
  });

  it('that arrive while this process waits for the answer leave it to that', async () => {
    const orderId = anOrder();
    const arrivals: Promise<void>[] = [];
    const one = paymentProcess(
      db,
      Object.assign(Object.create(world.provider), {
        charge: async (instruction: ChargeInstruction) => {
          const outcome = await world.provider.charge(instruction);
          for (const event of eventsOf(orderId)) {
            const payload = JSON.stringify(event);
            arrivals.push(one.webhooks.receive(Buffer.from(payload), signature(payload, webhookSecret)));
          }
          return outcome;
        },
      }),
    );
    const before = await repeated();

    expect((await one.payments.charge(orderId, aCharge())).status).toBe('succeeded');
    await Promise.all(arrivals);

    expect(arrivals).toHaveLength(2);
    expect((await repeated()) - before).toBe(1);
    expect(await announced(db, orderId)).toEqual(['succeeded']);
  });

  it('that arrive while the answer does not are taken soon all the same', async () => {
    const orderId = anOrder();
    const one = paymentProcess(
      db,
      Object.assign(Object.create(world.provider), {
        charge: async (instruction: ChargeInstruction) => {
          await world.provider.charge(instruction);
          return new Promise<never>(() => undefined);
        },
      }),
    );
    void one.payments.charge(orderId, aCharge());
    await expect.poll(() => eventsOf(orderId).length).toBe(2);

    for (const event of eventsOf(orderId)) {
      const payload = JSON.stringify(event);
      await one.webhooks.receive(Buffer.from(payload), signature(payload, webhookSecret));
    }

    expect((await one.payments.get(orderId)).status).toBe('succeeded');
  });

  it('of a success that comes after the cancel send the money back by themselves', async () => {
    const orderId = anOrder();
    world.simulator.faults.add([{ fault: 'lose-reply', on: 'charge', times: 1 }]);
    await expect(service.payments.charge(orderId, aCharge())).rejects.toThrow();
    await db.execute(sql`update payments set status = 'cancelled', cancel_requested_at = now() where order_id = ${orderId}`);

    for (const event of eventsOf(orderId)) await send(event);
    workers.push(await startTasks(db, service.tasks));

    await expect
      .poll(() => service.payments.get(orderId), { timeout: 10_000 })
      .toMatchObject({ status: 'cancelled', charged: money(1_000, 'EUR'), refunded: money(1_000, 'EUR') });
    expect(await announced(db, orderId)).toEqual([]);
  });

  it('of another sum settle nothing by themselves: the provider is asked, and keeps none of it', async () => {
    const orderId = anOrder();
    world.simulator.faults.add([{ fault: 'wrong-amount', on: 'charge', times: 1 }]);
    const unheard = paymentProcess(
      db,
      Object.assign(Object.create(world.provider), {
        charge: async (instruction: ChargeInstruction) => {
          await world.provider.charge(instruction);
          throw new AppError('unavailable', 'payment-outcome-unknown', 'The reply was lost.');
        },
      }),
      { recoveryDelayMs: 3_600_000 },
    );
    await expect(unheard.payments.charge(orderId, aCharge())).rejects.toThrow();

    for (const event of eventsOf(orderId)) await send(event);
    expect(await service.payments.get(orderId)).toMatchObject({ status: 'pending', charged: money(0, 'EUR') });
    workers.push(await startTasks(db, service.tasks));

    await expect
      .poll(() => service.payments.get(orderId), { timeout: 10_000 })
      .toMatchObject({ status: 'cancelled', charged: money(999, 'EUR'), refunded: money(999, 'EUR') });
  });

  it('settle a refund whose reply was lost', async () => {
    const orderId = anOrder();
    await service.payments.charge(orderId, aCharge());
    world.simulator.faults.add([{ fault: 'lose-reply', on: 'refund', times: 1 }]);
    const refund = { refundId: randomUUID(), orderId, amount: money(400, 'EUR'), reason: 'goodwill' };
    expect(await service.refunds.refund(refund)).toMatchObject({ status: 'pending' });

    for (const event of eventsOf(orderId)) await send(event);

    expect(await service.payments.get(orderId)).toMatchObject({ refunded: money(400, 'EUR'), refunding: money(0, 'EUR') });
  });

  it('book a refund that the bank sent back', async () => {
    const orderId = anOrder();
    await service.payments.charge(orderId, aCharge({ paymentMethod: 'pm_card_refundFail' }));
    const refund = { refundId: randomUUID(), orderId, amount: money(400, 'EUR'), reason: 'goodwill' };
    await service.refunds.refund(refund);
    const [atProvider] = [...world.simulator.books.refunds.values()].filter(
      (each) => each.metadata.refund_id === refund.refundId,
    );

    await world.simulator.app.inject({ method: 'POST', url: `/_control/refunds/${atProvider?.id}/settle` });
    for (const event of eventsOf(orderId)) await send(event);

    expect(await service.payments.get(orderId)).toMatchObject({ status: 'succeeded', refunded: money(0, 'EUR') });
  });

  it('do not book money that is not ours, of another sum, or of a second charge', async () => {
    const orderId = anOrder();
    const payment = await service.payments.charge(orderId, aCharge());
    const intent = { id: 'pi_second', amount: 1_000, amount_received: 1_000, currency: 'eur', metadata: { order_id: orderId } };
    const news = (object: object, type = 'payment_intent.succeeded') => ({ id: `evt_${randomUUID()}`, type, data: { object } });

    await send(news(intent));
    await send(news({ ...intent, id: payment.providerReference, amount_received: 999 }));
    await send(news({ ...intent, metadata: { order_id: anOrder() } }));
    await send(news({ ...intent, metadata: {} }));
    await send(news({ id: 're_1', status: 'succeeded', metadata: { refund_id: randomUUID() } }, 'refund.updated'));
    await send(news({ id: 're_1', status: 'succeeded', metadata: {} }, 'refund.updated'));
    await send(news({}, 'customer.created'));

    expect(await service.payments.get(orderId)).toEqual(payment);
    expect((await service.ledger.page({ orderId, limit: 10 })).entries).toHaveLength(2);
  });

  it.each([
    ['without a signature', (payload: string) => ({ payload, header: undefined })],
    ['with a signature of another secret', (payload: string) => ({ payload, header: signature(payload, 'whsec_other') })],
    ['with a signature of another body', (payload: string) => ({ payload, header: signature(`${payload} `, webhookSecret) })],
    [
      'signed more than five minutes ago',
      (payload: string) => ({ payload, header: signature(payload, webhookSecret, Date.now() / 1000 - 301) }),
    ],
    ['that are empty', () => ({ payload: '', header: signature('', webhookSecret) })],
    ['that are no JSON', () => ({ payload: 'garbage', header: signature('garbage', webhookSecret) })],
    ['that are no event', () => ({ payload: '[]', header: signature('[]', webhookSecret) })],
  ])('%s are refused', async (_, make) => {
    const { payload, header } = make(JSON.stringify({ id: 'evt_1', type: 'customer.created', data: { object: {} } }));

    await expect(service.webhooks.receive(Buffer.from(payload), header)).rejects.toMatchObject({
      kind: 'invalid',
      code: 'webhook-refused',
    });
  });

  it('are forgotten when the provider no longer repeats them', async () => {
    await db.execute(sql`insert into webhook_events (id, type, received_at) values ('evt_old', 'x', now() - interval '31 days')`);

    expect(await service.webhooks.purge()).toBe(1);
  });
});
