import type { Filling } from './fill.ts';
import type { Size } from './size.ts';

export const orderFilling = ({ orders, users }: Size): Filling => ({
  isFilled: `select from orders where id = pg_temp.id('order', 1)`,
  fills: [
    {
      table: 'orders',
      from: 1,
      to: orders,
      rowsEach: 1,
      statement: `
        insert into orders (id, user_id, status, version, total_minor, currency, shipping_address, payment_method, from_cart, reject_reason,
                            deadline_at, created_at, updated_at)
        select pg_temp.id('order', n), pg_temp.id('user', customer),
               case fate when 'refused' then 'rejected' when 'declined' then 'rejected' else fate end,
               case fate when 'delivered' then 4 when 'shipped' then 3 when 'cancelled' then 3 else 2 end,
               pg_temp.total(n), 'EUR',
               jsonb_build_object('name', 'Customer ' || customer, 'line1', '0 Long Street', 'city', 'London', 'postalCode', 'SW1Y 4JH', 'country', 'GB'),
               case fate when 'declined' then 'pm_card_chargeDeclined' else 'pm_card_visa' end, pg_temp.pick(n, 16, 2) = 0,
               case fate when 'refused' then 'out_of_stock' when 'declined' then 'payment_declined' end,
               pg_temp.placed_at(n) + interval '10 minutes', pg_temp.placed_at(n), pg_temp.moved_at(n)
          from generate_series(:from::int8, :to::int8) n,
               lateral (select pg_temp.fate(n) as fate, 1 + pg_temp.pick(n, 15, ${users}) as customer offset 0) made`,
    },
    {
      table: 'order_lines',
      from: 1,
      to: orders,
      rowsEach: 2,
      statement: `
        insert into order_lines (order_id, line_number, product_id, name, quantity, unit_minor)
        select pg_temp.id('order', n), l, pg_temp.id('product', product), pg_temp.product_name(product), pg_temp.line_quantity(n, l), pg_temp.price(product)
          from generate_series(:from::int8, :to::int8) n, generate_series(1, 3) l,
               lateral (select pg_temp.line_product(n, l) as product offset 0) made
         where l <= pg_temp.lines_of(n)`,
    },
    {
      table: 'order_history',
      from: 1,
      to: orders,
      rowsEach: 3.6,
      statement: `
        insert into order_history (order_id, version, status, at, cause)
        select pg_temp.id('order', n), step.version, step.status, least(pg_temp.placed_at(n) + step.after, pg_temp.moved_at(n)), step.cause
          from generate_series(:from::int8, :to::int8) n, lateral (select pg_temp.fate(n) as fate offset 0) made,
               lateral (values (1, 'pending', interval '0', 'placed', true),
                               (2, 'rejected', interval '1 second', 'out of stock', fate = 'refused'),
                               (2, 'rejected', interval '1 second', 'payment declined', fate = 'declined'),
                               (2, 'confirmed', interval '1 second', 'paid', fate not in ('refused', 'declined')),
                               (3, 'cancelled', interval '2 hours', 'customer', fate = 'cancelled'),
                               (3, 'shipped', interval '2 days', 'administrator', fate in ('shipped', 'delivered')),
                               (4, 'delivered', interval '5 days', 'administrator', fate = 'delivered')
                       ) as step (version, status, after, cause, happened)
         where step.happened`,
    },
    {
      table: 'cart_items',
      from: 1,
      to: users,
      rowsEach: 0.1,
      statement: `
        insert into cart_items (user_id, product_id, quantity, added_at)
        select pg_temp.id('user', n), pg_temp.id('product', pg_temp.line_product(n, l)), pg_temp.line_quantity(n, l), pg_temp.placed_at(${orders})
          from generate_series(:from::int8, :to::int8) n, generate_series(1, 3) l
         where pg_temp.pick(n, 17, 20) = 0 and l <= pg_temp.lines_of(n)`,
    },
  ],
});
