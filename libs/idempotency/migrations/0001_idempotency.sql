-- Up Migration
create table idempotency_keys (
  scope           text        not null,
  key             text        not null,
  fingerprint     text        not null,
  status          text        not null check (status in ('started', 'done')),
  resource_id     uuid,
  attempt         int         not null default 1,
  locked_until    timestamptz not null,
  response_status int,
  response_body   json,
  created_at      timestamptz not null default now(),
  expires_at      timestamptz not null default now() + interval '72 hours',
  primary key (scope, key),
  check (status <> 'done' or response_status is not null)
);
create index idempotency_keys_expires_at_idx on idempotency_keys (expires_at);

-- Down Migration
drop table idempotency_keys;
