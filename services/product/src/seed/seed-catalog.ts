import { type Postgres, sql, type Transaction } from '@emporium/postgres';
import { type SeedProduct, seedCategories, seedProducts } from './seed-products.ts';

const batch = 360;

/** Puts the development catalogue into a database and returns how many products were new. What is there already stays as it is. */
export async function seedCatalog(postgres: Postgres): Promise<number> {
  const products = seedProducts();
  return postgres.transaction(async (tx) => {
    await tx.execute(sql`
      insert into categories (slug, name)
      select c.slug, c.name from jsonb_to_recordset(${JSON.stringify(seedCategories)}) as c (slug text, name text)
      on conflict (slug) do update set name = excluded.name
    `);
    let added = 0;
    for (let from = 0; from < products.length; from += batch) added += await insert(tx, products.slice(from, from + batch));
    return added;
  });
}

async function insert(tx: Transaction, products: readonly SeedProduct[]): Promise<number> {
  const rows = await tx.query(sql`
    with seed as materialized (
      select * from jsonb_to_recordset(${JSON.stringify(products)})
             as s (id uuid, sku text, name text, description text, category text, "priceMinor" int8, currency text,
                   stock int, popularity int8, "createdAt" timestamptz)
    ), added as (
      insert into products (id, sku, name, description, category, price_minor, currency, created_at, updated_at)
      select s.id, s.sku, s.name, s.description, s.category, s."priceMinor", s.currency, s."createdAt", s."createdAt" from seed s
      on conflict do nothing
      returning id
    ), popular as (
      insert into popularity (product_id, score) select s.id, s.popularity from added a join seed s on s.id = a.id
    ), stocked as (
      insert into stock (product_id, supplied, on_hand) select s.id, s.stock, s.stock from added a join seed s on s.id = a.id
    ), noted as (
      insert into stock_movements (id, product_id, quantity, reason)
      select gen_random_uuid(), s.id, s.stock, 'Development stock' from added a join seed s on s.id = a.id
    )
    select a.id from added a
  `);
  return rows.length;
}
