-- Up Migration
create table reconciliation_runs (
  id uuid primary key,
  trigger text not null check (trigger in ('schedule', 'request')),
  asked_by uuid,
  since timestamptz(3) not null,
  until timestamptz(3) not null check (until >= since),
  started_at timestamptz(3) not null default now(),
  finished_at timestamptz(3),
  succeeded boolean,
  parts jsonb not null default '[]',
  -- Everything that changed before this moment has been compared; of runs that succeeded.
  covered_until timestamptz(3),
  leased_by uuid,
  leased_until timestamptz(3),
  constraint reconciliation_runs_end_with_a_result check ((finished_at is null) = (succeeded is null))
);
-- Whoever starts a second one meets the first.
create unique index reconciliation_runs_one_at_a_time on reconciliation_runs ((true)) where finished_at is null;
create index reconciliation_runs_finished_at_idx on reconciliation_runs (finished_at desc) where finished_at is not null;
create index reconciliation_runs_covered_until_idx on reconciliation_runs (covered_until desc) where covered_until is not null;

create table reconciliation_findings (
  id uuid primary key,
  part text not null check (part in ('provider', 'orders', 'stock')),
  kind text not null,
  -- An order; of stock that differs a product.
  subject_id uuid not null,
  reference text not null,
  details jsonb not null,
  state text not null check (state in ('waiting', 'repaired', 'open', 'resolved')),
  run_id uuid not null,
  first_seen_at timestamptz(3) not null default now(),
  last_seen_at timestamptz(3) not null default now(),
  repaired_at timestamptz(3),
  resolved_at timestamptz(3),
  constraint reconciliation_findings_resolved_have_a_time check ((resolved_at is not null) = (state = 'resolved'))
);
create unique index reconciliation_findings_unresolved_key on reconciliation_findings (subject_id, kind, reference)
  where state <> 'resolved';
create index reconciliation_findings_unresolved_idx on reconciliation_findings (first_seen_at desc, id desc) where state <> 'resolved';
create index reconciliation_findings_resolved_at_idx on reconciliation_findings (resolved_at) where state = 'resolved';

create index orders_updated_at_id_idx on orders (updated_at, id);

-- Down Migration
drop index orders_updated_at_id_idx;
drop table reconciliation_findings;
drop table reconciliation_runs;
