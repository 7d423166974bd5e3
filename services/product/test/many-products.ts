import { sql } from '@emporium/postgres';
import type { TestDatabase } from '@emporium/testing';

/** Enough for the planner to care: 20,000 products in 12 categories, and as many finished orders. */
export async function givenManyProducts(db: TestDatabase): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.execute(sql`
      insert into categories (slug, name) select 'category-' || n, 'Category ' || n from generate_series(0, 11) n
    `);
    await tx.execute(sql`
      insert into products (id, sku, name, description, category, price_minor, currency, created_at)
      select gen_random_uuid(), 'SKU-' || n,
             (array['Oak', 'Walnut', 'Steel', 'Linen', 'Copper', 'Glass', 'Ceramic'])[1 + n % 7] || ' '
               || (array['Lamp', 'Table', 'Chair', 'Vase', 'Mirror', 'Clock', 'Shelf', 'Rug', 'Kettle', 'Bench', 'Frame'])[1 + n % 11] || ' ' || n,
             repeat('A sentence about product ' || n || ' that is as long as such sentences are. ', 3),
             'category-' || n % 12, 100 + (n * 7919) % 90000, 'EUR', now() - n * interval '1 minute'
        from generate_series(1, 20000) n
    `);
    await tx.execute(
      sql`insert into popularity (product_id, score) select id, price_minor % 997 from products where sku like 'SKU-%'`,
    );
    await tx.execute(
      sql`insert into stock (product_id, supplied, on_hand, sold) select id, 101, 100, 1 from products where sku like 'SKU-%'`,
    );
    await tx.execute(sql`
      with made as (
        insert into reservations (order_id, status, expires_at)
        select gen_random_uuid(), case n % 100 when 0 then 'reserved' else 'committed' end, now() + n * interval '1 second'
          from generate_series(1, 20000) n
        returning order_id
      )
      insert into reservation_lines (order_id, product_id, quantity)
      select m.order_id, p.id, 1
        from (select order_id, row_number() over () as n from made) m
        join (select id, row_number() over () as n from products where sku like 'SKU-%') p on p.n = m.n
    `);
    await tx.execute(sql`insert into forgotten_sales (product_id, quantity) select id, 1 from products where sku like 'SKU-%'`);
  });
  await db.define('vacuum (analyze) products, popularity, stock, categories, reservations, reservation_lines, forgotten_sales');
}
