-- Up Migration
-- A session is a family of refresh tokens: ending it ends them all.
create table sessions (
  id uuid primary key,
  account_id uuid not null references accounts (id) on delete cascade,
  user_agent text,
  client_address text,
  created_at timestamptz not null,
  last_used_at timestamptz not null,
  expires_at timestamptz not null,
  ended_at timestamptz,
  end_cause text check (end_cause in ('logout', 'ended-by-user', 'password-changed', 'role-changed', 'token-reused')),
  check ((ended_at is null) = (end_cause is null))
);
create index sessions_live_idx on sessions (account_id, created_at desc, id desc) where ended_at is null;
create index sessions_expires_at_idx on sessions (expires_at);
create index sessions_ended_at_idx on sessions (ended_at) where ended_at is not null;

-- Only hashes: a stolen copy of this table opens nothing.
create table refresh_tokens (
  token_hash bytea primary key check (octet_length(token_hash) = 32),
  session_id uuid not null references sessions (id) on delete cascade,
  issued_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz
);
create index refresh_tokens_session_id_idx on refresh_tokens (session_id);
create index refresh_tokens_expires_at_idx on refresh_tokens (expires_at);

-- What the gateway polls. No foreign key: a revocation outlives its session's row.
create table revocations (
  seq int8 generated always as identity primary key,
  session_id uuid not null,
  ended_at timestamptz not null,
  -- The clock at insert, not at the start of the transaction: reading with an overlap relies on it.
  recorded_at timestamptz not null default clock_timestamp()
);
create index revocations_recorded_at_idx on revocations (recorded_at);

-- Down Migration
drop table revocations;
drop table refresh_tokens;
drop table sessions;
