-- Up Migration
-- When a pending order that nobody finished gets a job of its own; null once it has one.
alter table orders add column recover_at timestamptz;
create index orders_recover_at_idx on orders (recover_at) where status = 'pending' and recover_at is not null;

-- Down Migration
drop index orders_recover_at_idx;
alter table orders drop column recover_at;
