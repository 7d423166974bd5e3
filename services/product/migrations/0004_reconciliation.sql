-- Up Migration
-- What a product's books say was sold in reservations that were forgotten since: sold = committed + forgotten.
create table forgotten_sales (
  product_id uuid primary key references stock (product_id),
  quantity int not null check (quantity > 0)
);
-- Reservations forgotten so far left no trace; what is missing today is taken to be theirs.
insert into forgotten_sales (product_id, quantity)
select s.product_id, s.sold - coalesce(c.quantity, 0)
  from stock s
  left join (select l.product_id, sum(l.quantity)::int as quantity
               from reservation_lines l join reservations r on r.order_id = l.order_id
              where r.status = 'committed'
              group by l.product_id) c on c.product_id = s.product_id
 where s.sold > coalesce(c.quantity, 0);

create index reservation_lines_product_id_idx on reservation_lines (product_id) include (order_id, quantity);

-- Down Migration
drop index reservation_lines_product_id_idx;
drop table forgotten_sales;
