import { type Queryable, type Reader, sql, type Transaction } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import { type ProductRow, productColumns, toProduct } from './product.row.ts';
import type { NewProduct, Product, ProductChange } from './product.ts';

@Injectable()
export class ProductRepository {
  async find(db: Reader, id: string): Promise<Product | undefined> {
    const [row] = await db.query<ProductRow>(sql`
      select ${productColumns}
        from products p
       where p.id = ${id} and p.deleted_at is null
    `);
    return row && toProduct(row);
  }

  /**
   * Those of the products that are on sale, in no particular order. One look-up for each id, and not `id = any (…)`: for that, until the
   * server has counted the rows of a new shop, it reads the whole of an index that holds only what is on sale (18 pages instead of 6).
   */
  async findMany(db: Queryable, ids: readonly string[]): Promise<Product[]> {
    const [only, ...more] = ids;
    // Most carts hold one thing, and for a list of ids the server plans anew each time: 0.4 ms, five times what the look-up takes.
    if (only !== undefined && more.length === 0) return [await this.find(db, only)].filter((product) => product !== undefined);
    const rows = await db.query<ProductRow>(sql`
      select found.*
        from unnest(${ids}::uuid[]) as wanted (id)
       cross join lateral (
               select ${productColumns} from products p where p.id = wanted.id and p.deleted_at is null limit 1
             ) found
    `);
    return rows.map(toProduct);
  }

  async insert(tx: Transaction, product: NewProduct): Promise<void> {
    await tx.execute(sql`
      insert into products (id, sku, name, description, category, price_minor, currency, image_url)
      values (${product.id}, ${product.sku}, ${product.name}, ${product.description}, ${product.category},
              ${product.price.amount}, ${product.price.currency}, ${product.imageUrl ?? null})
    `);
    await tx.execute(sql`insert into popularity (product_id) values (${product.id})`);
  }

  /** Writes only if the product is on sale and, when versions are named, has one of them; returns whether it did. */
  async update(tx: Transaction, id: string, change: ProductChange, versions?: readonly number[]): Promise<boolean> {
    const changed = await tx.execute(sql`
      update products p
         set name = coalesce(${change.name ?? null}, p.name),
             description = coalesce(${change.description ?? null}, p.description),
             category = coalesce(${change.category ?? null}, p.category),
             price_minor = coalesce(${change.price?.amount ?? null}, p.price_minor),
             currency = coalesce(${change.price?.currency ?? null}, p.currency),
             image_url = coalesce(${change.imageUrl ?? null}, p.image_url),
             version = p.version + 1,
             updated_at = now()
       where p.id = ${id} and p.deleted_at is null and (${versions ?? null}::int[] is null or p.version = any (${versions ?? null}))
    `);
    return changed === 1;
  }

  /** Takes the product off sale under the same conditions as `update`. Its row stays: orders and books refer to it. */
  async withdraw(tx: Transaction, id: string, versions?: readonly number[]): Promise<boolean> {
    const changed = await tx.execute(sql`
      update products p set deleted_at = now(), updated_at = now(), version = p.version + 1
       where p.id = ${id} and p.deleted_at is null and (${versions ?? null}::int[] is null or p.version = any (${versions ?? null}))
    `);
    return changed === 1;
  }

  /** A shelf exists from the first product that names it. */
  async openCategory(tx: Transaction, slug: string, name: string): Promise<void> {
    await tx.execute(sql`insert into categories (slug, name) values (${slug}, ${name}) on conflict (slug) do nothing`);
  }
}
