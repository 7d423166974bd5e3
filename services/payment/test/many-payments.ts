import { sql } from '@emporium/postgres';
import type { TestDatabase } from '@emporium/testing';

/** Enough for the planner to care: 20,000 charges, 5,000 of them refunded, with their books and the provider's events. */
export async function givenManyPayments(db: TestDatabase): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`
      insert into payments (id, order_id, user_id, payment_method, amount_minor, currency, status, charged_minor, refunded_minor,
                            provider_reference, created_at)
      select md5('p' || n)::uuid, md5('o' || n)::uuid, md5((n % 2000)::text)::uuid, 'pm_card_visa', 100, 'EUR', 'succeeded', 100,
             case n % 4 when 0 then 100 else 0 end, 'pi_' || n, now() - n * interval '1 minute'
        from generate_series(1, 20000) n
    `);
    await tx.execute(sql`
      insert into refunds (id, payment_id, amount_minor, reason, status, provider_reference, settled_at)
      select md5('r' || n)::uuid, md5('p' || n)::uuid, 100, 'broken', 'succeeded', 're_' || n, now() from generate_series(4, 20000, 4) n
    `);
    await tx.execute(sql`
      insert into ledger_transactions (id, payment_id, order_id, reason, source_id)
      select md5('t' || n)::uuid, md5('p' || n)::uuid, md5('o' || n)::uuid, 'charge', md5('p' || n)::uuid from generate_series(1, 20000) n
    `);
    await tx.execute(sql`
      insert into ledger_entries (id, transaction_id, account, amount_minor, currency)
      select gen_random_uuid(), md5('t' || n)::uuid, account, amount, 'EUR'
        from generate_series(1, 20000) n, (values ('provider_clearing', 100), ('sales', -100)) as posting (account, amount)
    `);
    await tx.execute(sql`update ledger_totals_end set position = (select max(position) - 100 from ledger_entries)`);
    await tx.execute(sql`
      insert into provider_statement (reference, kind, order_id, amount_minor, currency, status, created_at)
      select p.provider_reference, 'charge', p.order_id, 100, 'EUR', 'succeeded', p.created_at
        from generate_series(1, 20000) n join payments p on p.id = md5('p' || n)::uuid
    `);
    await tx.execute(sql`
      insert into provider_statement (reference, kind, order_id, refund_id, charge_reference, amount_minor, currency, status, created_at)
      select r.provider_reference, 'refund', p.order_id, r.id, p.provider_reference, 100, 'EUR', 'succeeded', p.created_at
        from generate_series(4, 20000, 4) n join refunds r on r.id = md5('r' || n)::uuid join payments p on p.id = r.payment_id
    `);
    await tx.execute(sql`insert into webhook_events (id, type) select 'evt_' || n, 'charge' from generate_series(1, 20000) n`);
  });
  await db.define(
    'vacuum (analyze) ledger_totals_end, payments, refunds, ledger_transactions, ledger_entries, provider_statement, webhook_events',
  );
}
