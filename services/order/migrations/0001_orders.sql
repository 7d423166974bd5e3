-- Up Migration
create table orders (
  id uuid primary key,
  user_id uuid not null,
  status text not null check (status in ('pending', 'confirmed', 'rejected', 'cancelled', 'shipped', 'delivered')),
  version int not null check (version >= 1),
  total_minor int8 not null check (total_minor > 0),
  currency text not null check (currency ~ '^[A-Z]{3}$'),
  shipping_address jsonb not null,
  payment_method text not null,
  from_cart boolean not null,
  reject_reason text check ((reject_reason is not null) = (status = 'rejected')),
  deadline_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index orders_user_id_created_at_idx on orders (user_id, created_at desc, id desc);
create index orders_created_at_idx on orders (created_at desc, id desc);
create index orders_status_created_at_idx on orders (status, created_at desc, id desc);

create table order_lines (
  order_id uuid not null references orders (id) on delete cascade,
  line_number int not null check (line_number >= 1),
  product_id uuid not null,
  name text not null,
  quantity int not null check (quantity >= 1),
  unit_minor int8 not null check (unit_minor >= 0),
  primary key (order_id, line_number),
  unique (order_id, product_id)
);

create table order_history (
  order_id uuid not null references orders (id) on delete cascade,
  version int not null check (version >= 1),
  status text not null,
  at timestamptz not null,
  cause text not null,
  primary key (order_id, version)
);

-- The last line of defence: whatever the code does, an order's history stays legal.
create function orders_refuse_illegal_change() returns trigger language plpgsql as $$
begin
  if new.status = old.status and new.version = old.version then
    return new;
  end if;
  if new.version <> old.version + 1 or (old.status, new.status) not in (
    ('pending', 'confirmed'), ('pending', 'rejected'), ('confirmed', 'cancelled'), ('confirmed', 'shipped'), ('shipped', 'delivered')
  ) then
    raise exception 'order % cannot go from % (version %) to % (version %)', old.id, old.status, old.version, new.status, new.version
      using errcode = 'check_violation', constraint = 'orders_legal_change';
  end if;
  return new;
end
$$;
create trigger orders_legal_change before update on orders for each row execute function orders_refuse_illegal_change();

-- Down Migration
drop table order_history;
drop table order_lines;
drop table orders;
drop function orders_refuse_illegal_change();
