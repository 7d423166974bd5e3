-- Up Migration
create table payments (
  id uuid primary key,
  -- One charge per order: whoever asks twice meets this row.
  order_id uuid not null constraint payments_order_id_key unique,
  -- Null for an order that was cancelled before anyone asked for its money.
  user_id uuid,
  payment_method text,
  amount_minor int8 not null check (amount_minor >= 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  status text not null check (status in ('pending', 'succeeded', 'declined', 'cancelled')),
  -- The fence: from this moment on no money is kept for the order.
  cancel_requested_at timestamptz(3),
  -- While it lies ahead somebody is asking the provider.
  attempt_until timestamptz(3),
  charged_minor int8 not null default 0,
  -- Promised to refunds whose outcome is not known yet.
  refunding_minor int8 not null default 0 check (refunding_minor >= 0),
  refunded_minor int8 not null default 0 check (refunded_minor >= 0),
  provider_reference text constraint payments_provider_reference_key unique,
  decline_reason text,
  version int not null default 1,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now(),
  constraint payments_charged_all_or_nothing check (charged_minor in (0, amount_minor)),
  constraint payments_refunded_at_most_charged check (refunded_minor + refunding_minor <= charged_minor),
  constraint payments_status_tells_the_money check (
    case status
      when 'succeeded' then charged_minor > 0
      when 'cancelled' then charged_minor = refunded_minor
      else charged_minor = 0
    end
  )
) with (fillfactor = 80);
create index payments_created_at_id_idx on payments (created_at desc, id desc);

create table refunds (
  id uuid primary key,
  payment_id uuid not null references payments (id),
  amount_minor int8 not null check (amount_minor > 0),
  reason text not null,
  status text not null check (status in ('pending', 'succeeded', 'failed')),
  provider_reference text constraint refunds_provider_reference_key unique,
  failure_reason text,
  created_at timestamptz(3) not null default now(),
  settled_at timestamptz(3)
);
create index refunds_payment_id_idx on refunds (payment_id);

-- Down Migration
drop table refunds;
drop table payments;
