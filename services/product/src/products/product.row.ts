import { sql } from '@emporium/postgres';
import type { Product } from './product.ts';

/** A product as Postgres returns `productColumns`. For the repositories of this service only: rows do not leave them. */
export interface ProductRow {
  id: string;
  sku: string;
  name: string;
  description: string;
  category: string;
  price_minor: string; // int8 arrives as text; a price always fits a JS number
  currency: string;
  available: number;
  image_url: string | null;
  created_at: Date;
  updated_at: Date;
  version: number;
}

/**
 * Columns of `products p` and what is left of the product. A subselect, not a join: it is one look-up by primary key for each row,
 * whatever the planner thinks of how many there will be.
 */
export const productColumns = sql`
  p.id, p.sku, p.name, p.description, p.category, p.price_minor, p.currency, p.image_url, p.created_at, p.updated_at, p.version,
  (select s.on_hand from stock s where s.product_id = p.id) as available`;

export const toProduct = (row: ProductRow): Product => ({
  id: row.id,
  sku: row.sku,
  name: row.name,
  description: row.description,
  category: row.category,
  price: { amount: Number(row.price_minor), currency: row.currency },
  available: row.available,
  imageUrl: row.image_url ?? undefined,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  version: row.version,
});
