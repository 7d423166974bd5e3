-- Up Migration
create table stock (
  product_id uuid primary key references products (id),
  supplied int not null default 0,
  on_hand int not null default 0,
  reserved int not null default 0,
  sold int not null default 0,
  constraint stock_supplied_not_negative check (supplied >= 0),
  constraint stock_on_hand_not_negative check (on_hand >= 0),
  constraint stock_reserved_not_negative check (reserved >= 0),
  constraint stock_sold_not_negative check (sold >= 0),
  constraint stock_books_balance check (supplied = on_hand + reserved + sold)
) with (fillfactor = 50);

create table stock_movements (
  id uuid primary key,
  product_id uuid not null references stock (product_id),
  quantity int not null check (quantity <> 0),
  reason text not null check (char_length(reason) between 1 and 200),
  moved_by uuid,
  moved_at timestamptz(3) not null default now()
);
create index stock_movements_product_id_moved_at_idx on stock_movements (product_id, moved_at desc, id desc);

-- A released row is also the tombstone that makes a late reserve for the same order fail; so is a refused one (out of stock), which
-- never held anything: two workers of one order must hear the same answer, even when units come in between.
create table reservations (
  order_id uuid primary key,
  status text not null check (status in ('reserved', 'refused', 'committed', 'released', 'returned')),
  expires_at timestamptz(3) not null,
  created_at timestamptz(3) not null default now(),
  updated_at timestamptz(3) not null default now()
);
create index reservations_expires_at_idx on reservations (expires_at) where status = 'reserved';

create table reservation_lines (
  order_id uuid not null references reservations (order_id) on delete cascade,
  product_id uuid not null references stock (product_id),
  quantity int not null check (quantity > 0),
  primary key (order_id, product_id)
);

-- Down Migration
drop table reservation_lines;
drop table reservations;
drop table stock_movements;
drop table stock;
