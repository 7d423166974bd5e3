-- Up Migration
create table ledger_transactions (
  id uuid primary key,
  payment_id uuid not null references payments (id),
  order_id uuid not null,
  reason text not null check (reason in ('charge', 'refund', 'refund-reversed')),
  -- The payment of a charge, the refund of a refund: nothing is booked twice.
  source_id uuid not null,
  at timestamptz(3) not null default now(),
  constraint ledger_transactions_reason_source_id_key unique (reason, source_id)
);
create index ledger_transactions_order_id_idx on ledger_transactions (order_id);

create table ledger_entries (
  id uuid primary key,
  -- Order of the pages; ids say nothing about time.
  position int8 not null generated always as identity constraint ledger_entries_position_key unique,
  transaction_id uuid not null references ledger_transactions (id),
  account text not null check (account ~ '^[a-z_]+$'),
  amount_minor int8 not null check (amount_minor <> 0),
  currency text not null check (currency ~ '^[A-Z]{3}$')
);
create index ledger_entries_transaction_id_idx on ledger_entries (transaction_id);
create index ledger_entries_account_currency_idx on ledger_entries (account, currency) include (amount_minor);

-- Runs at commit: entries come one after the other, and only the whole must balance.
create function ledger_transaction_must_balance() returns trigger language plpgsql as $$
declare
  checked uuid := case tg_table_name when 'ledger_entries' then (to_jsonb(new) ->> 'transaction_id')::uuid else new.id end;
begin
  if not exists (select from ledger_entries where transaction_id = checked)
     or exists (select from ledger_entries where transaction_id = checked group by currency having sum(amount_minor) <> 0) then
    raise exception 'Ledger transaction % does not sum to zero.', checked
      using errcode = 'check_violation', constraint = 'ledger_transactions_balance';
  end if;
  return null;
end $$;

create constraint trigger ledger_transactions_balance after insert on ledger_transactions
  deferrable initially deferred for each row execute function ledger_transaction_must_balance();
create constraint trigger ledger_entries_balance after insert on ledger_entries
  deferrable initially deferred for each row execute function ledger_transaction_must_balance();

create function ledger_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'The ledger is corrected by a new transaction, never changed.'
    using errcode = 'check_violation', constraint = 'ledger_append_only';
end $$;

create trigger ledger_transactions_append_only before update or delete or truncate on ledger_transactions
  for each statement execute function ledger_is_append_only();
create trigger ledger_entries_append_only before update or delete or truncate on ledger_entries
  for each statement execute function ledger_is_append_only();

-- Down Migration
drop table ledger_entries;
drop table ledger_transactions;
drop function ledger_is_append_only();
drop function ledger_transaction_must_balance();
