import { randomUUID } from 'node:crypto';
import { testDatabase } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { anOrder, orderProcess, waitingJobs } from '../../test/order-process.ts';
import { migrations } from '../migrations.ts';
import { CheckoutConsumer } from './checkout.consumer.ts';

describe('the news that a payment is settled', () => {
  const db = testDatabase('checkout_consumer', { migrations, jobs: true });
  const { service, jobs, saga } = orderProcess(db);
  const consumer = new CheckoutConsumer(service, jobs);

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
});
