import { randomUUID } from 'node:crypto';
import { AppError } from '@emporium/errors';
import { sql } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { anOrder, orderProcess, waitingJobs } from '../../test/order-process.ts';
import { migrations } from '../migrations.ts';
import { CheckoutConsumer } from './checkout.consumer.ts';

describe('the news that a payment is settled', () => {
  const db = testDatabase('checkout_consumer', { migrations, jobs: true });
  const { service, jobs, saga, worker, payments } = orderProcess(db);
  const consumer = new CheckoutConsumer(service, jobs, { patienceMs: 2_500 });

  async function hear(orderId: string): Promise<string[]> {
    const id = randomUUID();
    const data = { orderId, outcome: 'succeeded' as const };
    const occurredAt = new Date().toISOString();
    await db.transaction(async (tx) => {
      for (const handler of consumer.handlers) {
        await handler.handle(tx, { id, type: 'payment.settled.v1', key: orderId, occurredAt, data });
      }
    });
    return waitingJobs(db, orderId);
  }

  it('hurries an order that waits for it, and no other', async () => {
    const [waiting, finished] = [anOrder(), anOrder()];
    for (const order of [waiting, finished]) await db.transaction((tx) => service.place(tx, order));
    await saga.advance(finished);

    expect(await hear(waiting.id)).toEqual(['advance-order']);
    expect(await hear(finished.id)).toEqual(['publish-event']);
    expect(await hear(randomUUID())).toEqual([]);
  });

  it('is not put off by a try that began before it and ends after it', async () => {
    const order = anOrder();
    await db.transaction((tx) => service.place(tx, order));
    payments.charge.mockImplementationOnce(async () => {
      await hear(order.id);
      throw new AppError('unavailable', 'payment-unavailable', 'Not now.');
    });

    await worker.tasks['advance-order']?.({ orderId: order.id, attempt: 3 }, {} as never);

    expect(await waits(order.id)).toBeLessThanOrEqual(1);
  });

  it('leaves a request time to finish its order itself, and no time to one that has long been over', async () => {
    const [young, old] = [anOrder({ createdAt: new Date() }), anOrder({ createdAt: new Date(Date.now() - 2_501) })];
    for (const order of [young, old]) await db.transaction((tx) => service.place(tx, order));
    for (const order of [young, old]) await hear(order.id);

    expect(await waits(young.id)).toBeGreaterThan(0);
    expect(await waits(old.id)).toBeLessThanOrEqual(0);
  });

  /** Seconds until the job of an order runs. */
  async function waits(orderId: string): Promise<number | undefined> {
    const [job] = await db.query<{ seconds: number }>(sql`
      select extract(epoch from run_at - clock_timestamp())::float8 as seconds
        from graphile_worker.jobs where key = ${`advance-order:${orderId}`}
    `);
    return job?.seconds;
  }
});
