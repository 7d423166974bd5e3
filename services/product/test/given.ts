import { randomUUID } from 'node:crypto';
import { type Postgres, type Queryable, sql } from '@emporium/postgres';
import type { ProductCache } from '../src/products/product.cache.ts';
import { ProductRepository } from '../src/products/product.repository.ts';
import type { NewProduct } from '../src/products/product.ts';
import { StockRepository } from '../src/stock/stock.repository.ts';
import type { Inventory } from '../src/stock/stock.ts';

type Given = Partial<NewProduct> & { stock?: number };

const products = new ProductRepository();
const stock = new StockRepository();

/** A product on sale with so many units on hand; returns its id. */
export async function givenProduct(db: Postgres, { stock: quantity = 20, ...product }: Given = {}): Promise<string> {
  const id = product.id ?? randomUUID();
  await db.transaction(async (tx) => {
    const category = product.category ?? 'lamps';
    await products.openCategory(tx, category, category);
    await products.insert(tx, {
      id,
      sku: `SKU-${id}`,
      name: 'Brass Lamp',
      description: 'A lamp made of brass.',
      category,
      price: { amount: 4_900, currency: 'EUR' },
      ...product,
    });
    await stock.open(tx, id);
    if (quantity > 0) await stock.move(tx, { id: randomUUID(), productId: id, quantity, reason: 'Given' });
  });
  return id;
}

/** The books of a product, as they stand in the database. */
export async function booksOf(db: Queryable, productId: string): Promise<Inventory> {
  const books = await stock.find(db, productId);
  if (books === undefined) throw new Error(`Product ${productId} has no books.`);
  return books;
}

/** Products whose books do not agree with the reservations and movements they come from; should be none. */
export const disagreements = (db: Queryable): Promise<unknown[]> =>
  db.query(sql`
    select s.product_id, s.supplied, s.on_hand, s.reserved, s.sold, l.reserved as held, l.sold as handed_over, m.supplied as moved
      from stock s
     cross join lateral (select coalesce(sum(l.quantity) filter (where r.status = 'reserved'), 0) as reserved,
                                coalesce(sum(l.quantity) filter (where r.status = 'committed'), 0) as sold
                           from reservation_lines l
                           join reservations r on r.order_id = l.order_id
                          where l.product_id = s.product_id) l
     cross join lateral (select coalesce(sum(m.quantity), 0) as supplied from stock_movements m where m.product_id = s.product_id) m
     where s.supplied <> s.on_hand + s.reserved + s.sold
        or s.reserved <> l.reserved or s.sold <> l.sold or s.supplied <> m.supplied
  `);

/** A cache that holds nothing and remembers what it was told to forget. */
export function forgetfulCache(): { cache: ProductCache; forgotten: string[] } {
  const forgotten: string[] = [];
  const cache: { [Method in keyof ProductCache]: ProductCache[Method] } = {
    find: async (_, load) => ({ value: await load(true) }),
    findList: async (_, load) => ({ value: await load(true) }),
    findCategories: async (load) => ({ value: await load(true) }),
    forget: async (ids) => void forgotten.push(...ids),
    forgetWholly: async (id) => void forgotten.push(id),
    forgetLists: async () => void forgotten.push('lists'),
    forgetCategories: async () => void forgotten.push('categories'),
  };
  // Its private members keep anything else from being a ProductCache for the compiler.
  return { cache: cache as ProductCache, forgotten };
}
