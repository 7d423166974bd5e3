import type { Filling } from './fill.ts';
import { DAYS_OF_RESERVATIONS, DAYS_OF_TOMBSTONES, firstOrderWithin, type Size } from './size.ts';

const CATEGORIES = 24;

/** Products with the books of all that was ever sold of them, and the reservations of late. */
export const productFilling = (size: Size): Filling => {
  const all = { from: 1, to: size.products, rowsEach: 1 };
  const late = { from: firstOrderWithin(size, DAYS_OF_RESERVATIONS), to: size.orders };
  const until = `'${size.until.toISOString()}'::timestamptz`;
  // Those of orders that came to nothing are forgotten sooner.
  const reserved = `(pg_temp.sold(n) or pg_temp.age_days(n) < ${DAYS_OF_TOMBSTONES})`;
  return {
    isFilled: `select from products where id = pg_temp.id('product', 1)`,
    fills: [
      {
        table: 'categories',
        from: 1,
        to: CATEGORIES,
        rowsEach: 1,
        statement: `
          insert into categories (slug, name, created_at) select 'dataset-' || n, 'Category ' || n, ${until} from generate_series(:from::int8, :to::int8) n`,
      },
      {
        ...all,
        table: 'products',
        // Search vectors and the index of letters are dear.
        rowsEach: 5,
        part: 10_000,
        statement: `
          insert into products (id, sku, name, description, category, price_minor, currency, created_at, updated_at)
          select pg_temp.id('product', n), 'DATASET-' || n, pg_temp.product_name(n), pg_temp.product_description(n),
                 'dataset-' || (1 + pg_temp.pick(n, 30, ${CATEGORIES})), pg_temp.price(n), 'EUR', at, at
            from generate_series(:from::int8, :to::int8) n, lateral (select ${until} - (${size.products} - n) * interval '1 minute' as at) moment`,
      },
      {
        // Not a table of the service: what was sold of each product, added up from all lines.
        table: 'pg_temp.sales',
        from: 1,
        to: size.orders,
        rowsEach: 1,
        part: 1_000_000,
        statement: `
          insert into pg_temp.sales (product, late, earlier)
          select pg_temp.line_product(n, l), coalesce(sum(pg_temp.line_quantity(n, l)) filter (where n >= ${late.from}), 0),
                 coalesce(sum(pg_temp.line_quantity(n, l)) filter (where n < ${late.from}), 0)
            from generate_series(:from::int8, :to::int8) n, generate_series(1, 3) l
           where l <= pg_temp.lines_of(n) and pg_temp.sold(n)
           group by 1`,
      },
      {
        ...all,
        table: 'stock',
        part: size.products,
        statement: `
          insert into stock (product_id, supplied, on_hand, reserved, sold)
          select pg_temp.id('product', n), coalesce(s.sold, 0) + left_over, left_over, 0, coalesce(s.sold, 0)
            from generate_series(:from::int8, :to::int8) n
            left join (select product, sum(late + earlier) as sold from pg_temp.sales group by product) s on s.product = n
           cross join lateral (select 1000 + pg_temp.pick(n, 31, 9000) as left_over offset 0) made`,
      },
      {
        ...all,
        table: 'stock_movements',
        part: size.products,
        statement: `
          insert into stock_movements (id, product_id, quantity, reason, moved_at)
          select pg_temp.id('movement', n), pg_temp.id('product', n), s.supplied, 'delivery', ${until} - (${size.products} - n) * interval '1 minute'
            from generate_series(:from::int8, :to::int8) n join stock s on s.product_id = pg_temp.id('product', n)`,
      },
      {
        ...all,
        table: 'forgotten_sales',
        part: size.products,
        statement: `
          insert into forgotten_sales (product_id, quantity)
          select pg_temp.id('product', s.product), sum(s.earlier) from pg_temp.sales s
           where s.product >= :from::int8 and s.product <= :to::int8
           group by s.product having sum(s.earlier) > 0`,
      },
      {
        ...all,
        table: 'popularity',
        part: size.products,
        statement: `
          insert into popularity (product_id, score)
          select pg_temp.id('product', n), s.sold from generate_series(:from::int8, :to::int8) n join stock s on s.product_id = pg_temp.id('product', n)`,
      },
      {
        ...late,
        table: 'reservations',
        rowsEach: 0.9,
        statement: `
          insert into reservations (order_id, status, expires_at, created_at, updated_at)
          select pg_temp.id('order', n), case fate when 'refused' then 'refused' when 'declined' then 'released' when 'cancelled' then 'returned' else 'committed' end,
                 pg_temp.placed_at(n) + interval '15 minutes', pg_temp.placed_at(n),
                 case fate when 'cancelled' then pg_temp.moved_at(n) else pg_temp.placed_at(n) + interval '1 second' end
            from generate_series(:from::int8, :to::int8) n, lateral (select pg_temp.fate(n) as fate offset 0) made
           where ${reserved}`,
      },
      {
        ...late,
        table: 'reservation_lines',
        rowsEach: 1.8,
        statement: `
          insert into reservation_lines (order_id, product_id, quantity)
          select pg_temp.id('order', n), pg_temp.id('product', pg_temp.line_product(n, l)), pg_temp.line_quantity(n, l)
            from generate_series(:from::int8, :to::int8) n, generate_series(1, 3) l
           where ${reserved} and pg_temp.fate(n) <> 'refused' and l <= pg_temp.lines_of(n)`,
      },
    ],
  };
};
