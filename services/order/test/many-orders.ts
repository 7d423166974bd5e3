import { sql } from '@emporium/postgres';
import type { TestDatabase } from '@emporium/testing';

/**
 * Enough for the planner to care: 20,000 finished orders of 2,000 customers, their keys, and 10,000 things in carts. In `npm run explain` they
 * come on top of a data set, and its customers are others.
 */
export async function givenManyOrders(db: TestDatabase): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`
      insert into orders (id, user_id, status, version, total_minor, currency, shipping_address, payment_method, from_cart,
                          deadline_at, created_at, updated_at)
      select gen_random_uuid(), md5((n % 2000)::text)::uuid, (array['confirmed', 'shipped', 'delivered', 'cancelled'])[1 + n % 4], 2, 100,
             'EUR', '{}', 'pm_card_visa', false, now(), now() - n * interval '1 minute', now() - n * interval '1 minute'
        from generate_series(1, 20000) n
    `);
    await tx.execute(sql`
      insert into order_lines (order_id, line_number, product_id, name, quantity, unit_minor)
      select o.id, line, gen_random_uuid(), 'Lamp', 1, 50 from orders o cross join generate_series(1, 2) line
       where o.user_id in (select md5(customer::text)::uuid from generate_series(0, 1999) customer)
    `);
    await tx.execute(sql`
      insert into order_history (order_id, version, status, at, cause)
      select o.id, n, 'pending', o.created_at, 'placed' from orders o cross join generate_series(1, 2) n
       where o.user_id in (select md5(customer::text)::uuid from generate_series(0, 1999) customer)
    `);
    await tx.execute(sql`
      insert into cart_items (user_id, product_id, quantity)
      select md5((n % 2000)::text)::uuid, gen_random_uuid(), 1 from generate_series(1, 10000) n
    `);
    await tx.execute(sql`
      insert into idempotency_keys (scope, key, fingerprint, status, locked_until, response_status)
      select 'user:' || n % 2000, 'key-' || n, 'f', 'done', now(), 201 from generate_series(1, 20000) n
    `);
    await tx.execute(sql`
      insert into reconciliation_runs (id, trigger, since, until, started_at, finished_at, succeeded, covered_until)
      select gen_random_uuid(), 'schedule', at - interval '5 minutes', at, at, at, true, at
        from generate_series(1, 8000) n, lateral (select now() - n * interval '5 minutes' as at) moment
    `);
    await tx.execute(sql`
      insert into reconciliation_findings (id, part, kind, subject_id, reference, details, state, run_id, first_seen_at, resolved_at)
      select gen_random_uuid(), 'orders', 'money-kept', gen_random_uuid(), '', '{}', case n % 10 when 0 then 'open' else 'resolved' end,
             gen_random_uuid(), now() - n * interval '1 minute', case n % 10 when 0 then null else now() - n * interval '1 minute' end
        from generate_series(1, 20000) n
    `);
  });
  await db.define(`vacuum (analyze) orders, order_lines, order_history, cart_items, idempotency_keys, reconciliation_runs,
                                    reconciliation_findings`);
}
