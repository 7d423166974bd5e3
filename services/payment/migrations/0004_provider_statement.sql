-- Up Migration
-- What the provider says it did with our customers' money, as last read; reconciliation compares it with payments and refunds.
create table provider_statement (
  reference text primary key,
  kind text not null check (kind in ('charge', 'refund')),
  order_id uuid not null,
  -- Ours, if the refund carries one.
  refund_id uuid,
  charge_reference text,
  amount_minor int8 not null check (amount_minor >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  status text not null check (status in ('pending', 'succeeded', 'failed')),
  -- By the provider's clock.
  created_at timestamptz(3) not null,
  seen_at timestamptz(3) not null default now(),
  constraint provider_statement_refunds_have_a_charge check ((charge_reference is not null) = (kind = 'refund'))
);
create index provider_statement_order_id_idx on provider_statement (order_id);
create index provider_statement_created_at_reference_idx on provider_statement (created_at, reference);
create index provider_statement_pending_idx on provider_statement (order_id) where status = 'pending';

create index payments_updated_at_id_idx on payments (updated_at, id);
create index payments_pending_idx on payments (order_id) where status = 'pending';
create index refunds_pending_idx on refunds (payment_id) where status = 'pending';

-- Down Migration
drop index refunds_pending_idx;
drop index payments_pending_idx;
drop index payments_updated_at_id_idx;
drop table provider_statement;
