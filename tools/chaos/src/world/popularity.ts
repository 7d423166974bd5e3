import { sql } from '@emporium/postgres';
import type { Books } from './books.ts';

/** Units of a product that the product service has heard were sold: the one thing here that nothing but events brings about. */
export async function unitsHeardOf(books: Books, productId: string): Promise<number> {
  const [row] = await books.database('product').query<{ score: number }>(sql`
    select score::int as score from popularity where product_id = ${productId}
  `);
  return row?.score ?? 0;
}
