-- Up Migration
create table job_workers (
  id      text primary key,
  seen_at timestamptz not null default now()
);

-- Down Migration
drop table job_workers;
