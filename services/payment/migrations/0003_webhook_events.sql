-- Up Migration
create table webhook_events (
  id text primary key,
  type text not null,
  received_at timestamptz(3) not null default now()
);
create index webhook_events_received_at_idx on webhook_events (received_at);

-- Down Migration
drop table webhook_events;
