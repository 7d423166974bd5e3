import type { Filling } from './fill.ts';
import { DAYS_OF_STATEMENT, firstOrderWithin, type Size } from './size.ts';

/** A payment of each order that got so far, with its books; cancelled orders were given all of it back. */
export const paymentFilling = (size: Size): Filling => {
  const all = { from: 1, to: size.orders };
  const recent = { from: firstOrderWithin(size, DAYS_OF_STATEMENT), to: size.orders };
  return {
    isFilled: `select from payments where order_id = any(array(select pg_temp.id('order', n) from generate_series(1, 20) n))`,
    fills: [
      {
        ...all,
        table: 'payments',
        rowsEach: 0.96,
        statement: `
          insert into payments (id, order_id, user_id, payment_method, amount_minor, currency, status, cancel_requested_at, charged_minor,
                                refunded_minor, provider_reference, decline_reason, version, created_at, updated_at)
          select pg_temp.id('payment', n), pg_temp.id('order', n), pg_temp.id('user', 1 + pg_temp.pick(n, 15, ${size.users})),
                 case fate when 'declined' then 'pm_card_chargeDeclined' else 'pm_card_visa' end, total, 'EUR',
                 case fate when 'declined' then 'declined' when 'cancelled' then 'cancelled' else 'succeeded' end,
                 case fate when 'cancelled' then pg_temp.moved_at(n) end, case fate when 'declined' then 0 else total end,
                 case fate when 'cancelled' then total else 0 end, case fate when 'declined' then null else pg_temp.charge_reference(n) end,
                 case fate when 'declined' then 'card_declined' end, case fate when 'cancelled' then 5 else 2 end, pg_temp.placed_at(n),
                 case fate when 'cancelled' then pg_temp.moved_at(n) else pg_temp.placed_at(n) + interval '1 second' end
            from generate_series(:from::int8, :to::int8) n,
                 lateral (select pg_temp.fate(n) as fate, pg_temp.total(n) as total offset 0) made
           where fate <> 'refused'`,
      },
      {
        ...all,
        table: 'refunds',
        rowsEach: 0.04,
        statement: `
          insert into refunds (id, payment_id, amount_minor, reason, status, provider_reference, created_at, settled_at)
          select pg_temp.id('refund', n), pg_temp.id('payment', n), pg_temp.total(n), 'order cancelled', 'succeeded', pg_temp.refund_reference(n),
                 pg_temp.moved_at(n), pg_temp.moved_at(n)
            from generate_series(:from::int8, :to::int8) n
           where pg_temp.fate(n) = 'cancelled'`,
      },
      {
        ...all,
        table: 'ledger_transactions',
        rowsEach: 0.96,
        statement: `
          insert into ledger_transactions (id, payment_id, order_id, reason, source_id, at)
          select pg_temp.id(reason, n), pg_temp.id('payment', n), pg_temp.id('order', n), reason,
                 pg_temp.id(case reason when 'charge' then 'payment' else reason end, n),
                 case reason when 'charge' then pg_temp.placed_at(n) + interval '1 second' else pg_temp.moved_at(n) end
            from generate_series(:from::int8, :to::int8) n, lateral (select pg_temp.fate(n) as fate offset 0) made,
                 unnest(array['charge', 'refund']) reason
           where fate not in ('refused', 'declined') and (reason = 'charge' or fate = 'cancelled')`,
      },
      {
        ...all,
        table: 'ledger_entries',
        rowsEach: 1.92,
        statement: `
          insert into ledger_entries (id, transaction_id, account, amount_minor, currency)
          select pg_temp.id(posting.reason || posting.account, n), pg_temp.id(posting.reason, n), posting.account, posting.sign * total, 'EUR'
            from generate_series(:from::int8, :to::int8) n,
                 lateral (select pg_temp.fate(n) as fate, pg_temp.total(n) as total offset 0) made,
                 (values ('charge', 'provider_clearing', 1), ('charge', 'sales', -1), ('refund', 'provider_clearing', -1), ('refund', 'refunds', 1)
                 ) as posting (reason, account, sign)
           where fate not in ('refused', 'declined') and (posting.reason = 'charge' or fate = 'cancelled')`,
      },
      {
        from: 1,
        to: 1,
        table: 'ledger_totals',
        rowsEach: 3,
        statement: `
          with total as (
            insert into ledger_totals (account, currency, total_minor)
            select account, currency, sum(amount_minor) from ledger_entries group by account, currency
          )
          update ledger_totals_end set position = (select max(position) from ledger_entries)`,
      },
      {
        ...recent,
        table: 'provider_statement',
        rowsEach: 0.96,
        statement: `
          insert into provider_statement (reference, kind, order_id, refund_id, charge_reference, amount_minor, currency, status, created_at)
          select case kind when 'charge' then pg_temp.charge_reference(n) else pg_temp.refund_reference(n) end, kind, pg_temp.id('order', n),
                 case kind when 'refund' then pg_temp.id('refund', n) end, case kind when 'refund' then pg_temp.charge_reference(n) end,
                 pg_temp.total(n), 'EUR', 'succeeded',
                 case kind when 'charge' then pg_temp.placed_at(n) + interval '1 second' else pg_temp.moved_at(n) end
            from generate_series(:from::int8, :to::int8) n, lateral (select pg_temp.fate(n) as fate offset 0) made,
                 unnest(array['charge', 'refund']) kind
           where fate not in ('refused', 'declined') and (kind = 'charge' or fate = 'cancelled')`,
      },
    ],
  };
};
