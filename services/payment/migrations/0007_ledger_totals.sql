-- Up Migration
-- The sum of every entry up to a position. Balances add the few entries behind it, so they cost the same however long the books are.
create table ledger_totals (
  account text not null,
  currency text not null,
  total_minor int8 not null,
  primary key (account, currency)
);
create table ledger_totals_end (
  is_only boolean primary key default true check (is_only),
  position int8 not null
);
insert into ledger_totals_end (position) values (0);
drop index ledger_entries_account_currency_idx;

-- Down Migration
create index ledger_entries_account_currency_idx on ledger_entries (account, currency) include (amount_minor);
drop table ledger_totals_end;
drop table ledger_totals;
