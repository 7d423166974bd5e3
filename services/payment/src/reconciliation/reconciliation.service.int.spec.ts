import { randomUUID } from 'node:crypto';
import { sql } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aCharge, anOrder, paymentProcess, reconciliationProcess, startProvider } from '../../test/payment-world.ts';
import { migrations } from '../migrations.ts';
import type { Position } from './books.repository.ts';
import type { Place } from './reconciliation.service.ts';
import { ReconciliationTasks } from './reconciliation.tasks.ts';

describe("the provider's statement", () => {
  const db = testDatabase('provider_statement', { migrations, jobs: true });
  let world: Awaited<ReturnType<typeof startProvider>>;
  let service: ReturnType<typeof paymentProcess>;
  let process: ReturnType<typeof reconciliationProcess>;

  beforeAll(async () => {
    world = await startProvider();
    service = paymentProcess(db, world.provider);
    process = reconciliationProcess(db, world.statement, service);
  });
  afterAll(() => world.close());

  const everything = { since: new Date(0), until: new Date(Date.now() + 3_600_000) };
  const charge = (labels: Record<string, string>) =>
    fetch(`${world.baseUrl}/v1/payment_intents`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk_test_1' },
      body: new URLSearchParams({ amount: '500', currency: 'eur', payment_method: 'pm_card_visa', confirm: 'true', ...labels }),
    });
  const takeAll = async (kind: 'charge' | 'refund', window = everything) => {
    const pages = [];
    for (let next: string | null | undefined; next !== null; ) {
      const page = await process.reconciliation.take(kind, window, next);
      pages.push(page);
      next = page.next;
    }
    return {
      pages: pages.length,
      taken: pages.reduce((sum, { taken }) => sum + taken, 0),
      foreign: pages.reduce((sum, { foreign }) => sum + foreign, 0),
    };
  };
  const walk = async (place: Place, window = everything) => {
    const orderIds: string[] = [];
    let after: Position | undefined;
    do {
      const page = await process.reconciliation.orders(place, window, after);
      orderIds.push(...page.orderIds);
      after = page.next;
    } while (after !== undefined);
    return orderIds;
  };

  it('is taken in page by page, as often as one likes; what carries no order of ours is counted and left', async () => {
    const orders = Array.from({ length: 120 }, anOrder);
    for (const orderId of orders) await charge({ 'metadata[order_id]': orderId.toUpperCase() });
    await charge({});
    await charge({ 'metadata[order_id]': 'order 66 of another shop' });
    await charge({ 'metadata[order_id]': anOrder(), payment_method: 'pm_card_chargeDeclined' });

    expect(await takeAll('charge')).toEqual({ pages: 2, taken: 120, foreign: 2 });
    expect(await takeAll('charge')).toEqual({ pages: 2, taken: 120, foreign: 2 });
    expect((await walk('statement')).sort()).toEqual(orders.sort());
    expect(await takeAll('charge', { since: new Date(-120_000), until: new Date(1_000_000) })).toMatchObject({ taken: 0 });
  });

  it('counts a refund to the order of its charge, whatever it says itself', async () => {
    const orderId = anOrder();
    await service.payments.charge(orderId, aCharge());
    const { providerReference } = await service.payments.get(orderId);
    await fetch(`${world.baseUrl}/v1/refunds`, {
      method: 'POST',
      headers: { authorization: 'Bearer sk_test_1' },
      body: new URLSearchParams({ payment_intent: providerReference ?? '', amount: '100', 'metadata[order_id]': anOrder() }),
    });

    await takeAll('refund');

    const lines = await db.query(sql`select kind, amount_minor from provider_statement where order_id = ${orderId}`);
    expect(lines).toEqual([{ kind: 'refund', amount_minor: '100' }]);
  });

  it('is followed by walks over the orders whose money moved, each a page of 500 at most', async () => {
    await db.execute(sql`
      insert into payments (id, order_id, amount_minor, currency, status, updated_at)
      select gen_random_uuid(), gen_random_uuid(), 100, 'EUR', 'pending', '2020-01-01T00:00:00Z'::timestamptz + n % 3 * interval '1 second'
        from generate_series(1, 1100) n
    `);
    const old = { since: new Date('2020-01-01T00:00:00Z'), until: new Date('2020-01-01T00:00:02Z') };

    const [changed, open] = [await walk('payments', old), await walk('open', old)];

    expect([changed.length, new Set(changed).size]).toEqual([733, 733]);
    expect([open.length, new Set(open).size]).toEqual([1_100, 1_100]);
    await db.execute(sql`delete from payments where updated_at < '2021-01-01'`);
  });

  it.each([
    ['no answer', { fault: 'lose-reply', on: 'read', times: 1 }, 'unavailable'],
    ['an error', { fault: 'fail', on: 'read', times: 1, status: 500 }, 'unavailable'],
    ['no end of the answer', { fault: 'hang', on: 'read', times: 1 }, 'timeout'],
  ] as const)('is a failure of the provider, not of ours, when there is %s', async (_, fault, kind) => {
    world.simulator.faults.add([fault]);

    await expect(process.reconciliation.take('charge', everything)).rejects.toMatchObject({ kind });
  });

  it.each([{ data: 1 }, { data: [1] }, { data: [{ id: 'pi_1' }] }, { data: [{ id: 'pi_1', currency: 'eur', created: 1.5 }] }])(
    'is not believed when it reads %j',
    async (body) => {
      const garbled = reconciliationProcess(
        db,
        Object.assign(Object.create(world.statement), { stripe: { paymentIntents: { list: async () => body } } }),
        service,
      );

      await expect(garbled.reconciliation.take('charge', everything)).rejects.toMatchObject({ code: 'payment-outcome-unknown' });
    },
  );

  it('is forgotten after 35 days', async () => {
    const { tasks } = new ReconciliationTasks(process.reconciliation);
    await db.execute(sql`
      insert into provider_statement (reference, kind, order_id, amount_minor, currency, status, created_at)
      select 'pi_' || days || '_days_old', 'charge', ${randomUUID()}, 1, 'EUR', 'succeeded', now() - days * interval '1 day'
        from unnest(array[34, 36]) as days
    `);

    await tasks['purge-provider-statement']({}, { signal: new AbortController().signal });

    const kept = await db.query<{ reference: string }>(
      sql`select reference from provider_statement where reference like '%_days_old'`,
    );
    expect(kept).toEqual([{ reference: 'pi_34_days_old' }]);
  });
});
