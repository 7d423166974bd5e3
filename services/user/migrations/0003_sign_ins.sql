-- Up Migration
-- Wrong guesses per e-mail address, known or not, so that a lockout does not tell which addresses have an account.
create table sign_in_attempts (
  email_hash bytea primary key check (octet_length(email_hash) = 32),
  failures int not null check (failures >= 0),
  last_attempt_at timestamptz not null,
  locked_until timestamptz
);
create index sign_in_attempts_last_attempt_at_idx on sign_in_attempts (last_attempt_at);

-- The audit of sign-ins. The typed address is kept as a hash only: people type passwords into that field.
create table sign_ins (
  id int8 generated always as identity primary key,
  at timestamptz not null,
  outcome text not null check (outcome in ('succeeded', 'failed', 'locked', 'token-reused')),
  account_id uuid references accounts (id) on delete set null,
  email_hash bytea,
  session_id uuid,
  client_address text,
  user_agent text,
  request_id text
);
create index sign_ins_account_id_at_idx on sign_ins (account_id, at desc);
create index sign_ins_at_idx on sign_ins (at);

-- Down Migration
drop table sign_ins;
drop table sign_in_attempts;
