import { randomUUID } from 'node:crypto';
import { money } from '@emporium/money';
import { runInContext } from '@emporium/telemetry';
import { testDatabase } from '@emporium/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { aCharge, announced, anOrder, paymentProcess, reconcile, startProvider } from '../../test/payment-world.ts';
import { migrations } from '../migrations.ts';
import type { ChargeInstruction, PaymentProvider, RefundInstruction } from '../provider/provider.ts';

describe('a payment whose request is over before the provider has answered', () => {
  const db = testDatabase('payment_deadline', { migrations, jobs: true });
  let world: Awaited<ReturnType<typeof startProvider>>;
  let deadline = 0;

  beforeAll(async () => {
    world = await startProvider();
  });
  afterAll(() => world.close());

  /** The provider's word comes, and comes too late for whoever asked. */
  const late = (provider: PaymentProvider): PaymentProvider => {
    const after = async <T>(answer: Promise<T>): Promise<T> => {
      const word = await answer;
      await vi.waitUntil(() => Date.now() > deadline, { interval: 10, timeout: 10_000 });
      return word;
    };
    return Object.assign(Object.create(provider), {
      charge: (instruction: ChargeInstruction) => after(provider.charge(instruction)),
      refund: (instruction: RefundInstruction) => after(provider.refund(instruction)),
    });
  };
  const within = <T>(ms: number, work: () => T): T => {
    deadline = Date.now() + ms;
    return runInContext({ requestId: 'r', deadline }, work);
  };

  it('is booked nevertheless, and a refund as well', async () => {
    const service = paymentProcess(db, late(world.provider));
    const orderId = anOrder();

    const payment = await within(1_500, () => service.payments.charge(orderId, aCharge()));
    const refund = { refundId: randomUUID(), orderId, amount: money(400, 'EUR'), reason: 'goodwill' };
    const refunded = await within(1_500, () => service.refunds.refund(refund));

    expect(payment).toMatchObject({ status: 'succeeded', charged: money(1_000, 'EUR') });
    expect(refunded).toMatchObject({ status: 'succeeded' });
    expect(await announced(db, orderId)).toEqual(['succeeded']);
    const books = await reconcile(db, world.simulator);
    expect(books).toMatchObject({ ledger: books.provider, payments: books.provider });
  });

  it('of unknown outcome is free to be asked about again at once', async () => {
    world.simulator.faults.add([{ fault: 'hang', on: 'charge', times: 1, acts: true }]);
    const service = paymentProcess(db, world.provider, { attemptMs: 60_000 });
    const orderId = anOrder();

    await expect(within(800, () => service.payments.charge(orderId, aCharge()))).rejects.toMatchObject({ kind: 'timeout' });

    expect(await service.payments.charge(orderId, aCharge())).toMatchObject({ status: 'succeeded' });
  });

  it('does not begin', async () => {
    const service = paymentProcess(db, world.provider);
    const orderId = anOrder();

    await expect(within(-1, () => service.payments.charge(orderId, aCharge()))).rejects.toMatchObject({
      code: 'deadline-passed',
    });

    await expect(service.payments.get(orderId)).rejects.toMatchObject({ kind: 'not-found' });
  });
});
