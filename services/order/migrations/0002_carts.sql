-- Up Migration
create table cart_items (
  user_id uuid not null,
  product_id uuid not null,
  quantity int not null check (quantity between 1 and 99),
  added_at timestamptz not null default now(),
  primary key (user_id, product_id)
);

-- Down Migration
drop table cart_items;
