import { empty, join, type Reader, raw, type Sql, sql } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import { type ProductRow, productColumns, toProduct } from '../products/product.row.ts';
import type { Product } from '../products/product.ts';
import { type Listing, type Match, type Sort, swappedLetters } from './listing.ts';

/** A product of a page, and what the page is sorted by. */
export interface ListedProduct {
  readonly product: Product;
  readonly key: string;
}

interface ListedRow extends ProductRow {
  key: string | Date;
}

const popularity = sql`(select o.score from popularity o where o.product_id = p.id)`;

/**
 * Lists by position instead of offset: page 500 costs what page 1 costs. Every statement walks an index or looks one up;
 * `listing.plans.int.spec.ts` asks the planner.
 */
@Injectable()
export class ListingRepository {
  async list(db: Reader, listing: Listing): Promise<ListedProduct[]> {
    const rows = await db.query<ListedRow>(listingStatement(listing));
    return rows.slice(0, listing.limit + 1).map(toListed);
  }

  /**
   * How alike a name must be to be found. Of the 381 words of five and more letters in the seeded names, each with one letter changed
   * in the middle, the right products are on the first page for 50 % at 0.45, for 98 % at 0.3, and for no more at 0.25. What is less
   * alike comes later in the list, and nobody sees this list unless nothing was found by words. Ends with the transaction.
   */
  async lowerLikeness(tx: Reader): Promise<void> {
    await tx.query(sql`select set_config('pg_trgm.word_similarity_threshold', '0.3', true)`);
  }
}

/** Exported for the specification of its plans. */
export function listingStatement(listing: Listing): Sql {
  if (listing.text === undefined && listing.sort === 'popular')
    return isNarrow(listing) ? fromNarrowRange(listing) : byPopularity(listing);

  const { key, descending, type } = order(listing);
  return sql`
    select ${productColumns}, ${key} as key
      from products p
     where p.deleted_at is null ${filters(listing)} ${after(listing, key, sql`p.id`, descending, type)}
     order by key ${direction(descending)}, p.id ${direction(descending)}
     limit ${pageSize(listing)}
  `;
}

/**
 * Walks the index of scores and looks each product up. `limit 1` keeps the planner from turning the look-up into a join of two whole tables.
 */
const byPopularity = (listing: Listing): Sql => sql`
  select p.*, o.score as key
    from popularity o
   cross join lateral (select ${productColumns}
                         from products p
                        where p.id = o.product_id and p.deleted_at is null ${filters(listing)}
                        limit 1) p
   where true ${after(listing, sql`o.score`, sql`o.product_id`, true, 'int8')}
   order by o.score desc, o.product_id desc
   limit ${pageSize(listing)}
`;

/** Few products of one category: a walk by score would meet nearly all others before it has a page of them. */
const isNarrow = ({ category, minPrice, maxPrice }: Listing): boolean =>
  category !== undefined && minPrice !== undefined && maxPrice !== undefined;

/** The planner may begin with the category's prices or with the scores, and does what its values promise to be less. */
const fromNarrowRange = (listing: Listing): Sql => sql`
  select ${productColumns}, o.score as key
    from products p
    join popularity o on o.product_id = p.id
   where p.deleted_at is null ${filters(listing)} ${after(listing, sql`o.score`, sql`o.product_id`, true, 'int8')}
   order by o.score desc, o.product_id desc
   limit ${pageSize(listing)}
`;

// One more than asked for tells whether there is a next page. A literal, because with a parameter the planner expects a tenth of the
// table and reads all of it; one of three sizes, because each is a statement of its own to prepare.
const pageSize = ({ limit }: Listing): Sql => raw(String([20, 50].find((size) => limit <= size) ?? 100).concat(' + 1'));

function filters({ text, match, category, minPrice, maxPrice }: Listing): Sql {
  const conditions = [
    text === undefined ? undefined : match === 'likeness' ? sql`p.name %> ${text}` : hasWords(searched(text, match)),
    category === undefined ? undefined : sql`p.category = ${category}`,
    minPrice === undefined ? undefined : sql`p.price_minor >= ${minPrice}`,
    maxPrice === undefined ? undefined : sql`p.price_minor <= ${maxPrice}`,
  ].filter((condition) => condition !== undefined);
  return conditions.length === 0 ? empty : sql`and ${join(conditions, ' and ')}`;
}

const searched = (text: string, match: Match): string => (match === 'swapped' ? swappedLetters(text) : text);

const words = (text: string) => sql`websearch_to_tsquery('english', ${text})`;

// A search for everything but a word ("-lamp") cannot use the index and would read the whole table: it has no words to find.
const hasWords = (text: string) => sql`p.search @@ ${words(text)} and querytree(${words(text)}) not in ('', 'T')`;

function order({ sort, text = '', match }: Listing): { key: Sql; descending: boolean; type: 'int8' | 'timestamptz' } {
  const likeness =
    match === 'likeness' ? sql`word_similarity(${text}, p.name)` : sql`ts_rank(p.search, ${words(searched(text, match))}, 32)`;
  const orders: Record<Sort, { key: Sql; descending: boolean; type: 'int8' | 'timestamptz' }> = {
    newest: { key: sql`p.created_at`, descending: true, type: 'timestamptz' },
    price: { key: sql`p.price_minor`, descending: false, type: 'int8' },
    '-price': { key: sql`p.price_minor`, descending: true, type: 'int8' },
    popular: { key: popularity, descending: true, type: 'int8' },
    // Whole millionths: a position must come back from a cursor exactly as it went.
    relevance: { key: sql`(1000000 * ${likeness})::int8`, descending: true, type: 'int8' },
  };
  return orders[sort];
}

const direction = (descending: boolean): Sql => (descending ? raw('desc') : raw('asc'));

function after({ after: position }: Listing, key: Sql, id: Sql, descending: boolean, type: string): Sql {
  if (position === undefined) return empty;
  return sql`and (${key}, ${id}) ${raw(descending ? '<' : '>')} (${position.key}::${raw(type)}, ${position.id}::uuid)`;
}

const toListed = (row: ListedRow): ListedProduct => ({
  key: row.key instanceof Date ? row.key.toISOString() : row.key,
  product: toProduct(row),
});
