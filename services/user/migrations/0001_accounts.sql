-- Up Migration
create table accounts (
  id uuid primary key,
  -- Always in the form normaliseEmail gives; the service compares nothing else.
  email text not null constraint accounts_email_key unique check (email = lower(email) and char_length(email) <= 254),
  name text not null check (char_length(name) between 1 and 200),
  role text not null check (role in ('customer', 'support', 'admin')),
  password_hash text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index accounts_created_at_id_idx on accounts (created_at desc, id desc);
create index accounts_email_prefix_idx on accounts (email text_pattern_ops);
create index accounts_admins_idx on accounts (id) where role = 'admin';

create table addresses (
  id uuid primary key,
  account_id uuid not null references accounts (id) on delete cascade,
  name text not null,
  line1 text not null,
  line2 text,
  city text not null,
  postal_code text not null,
  country text not null check (country ~ '^[A-Z]{2}$'),
  created_at timestamptz not null
);
create index addresses_account_id_created_at_idx on addresses (account_id, created_at desc, id desc);

-- Down Migration
drop table addresses;
drop table accounts;
