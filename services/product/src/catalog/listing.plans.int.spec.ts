import { randomBytes } from 'node:crypto';
import { raw, type Sql, sql } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { migrations } from '../migrations.ts';
import { listingStatement } from './listing.repository.ts';
import type { Listing } from './listing.ts';

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  Plans?: Plan[];
}

const literal = (value: unknown) => `'${String(value).replaceAll("'", "''")}'`;

const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];

describe('the plans of the catalogue, on 20,000 products', () => {
  const db = testDatabase('plans', { migrations });

  beforeAll(async () => {
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
      await tx.execute(sql`insert into popularity (product_id, score) select id, price_minor % 997 from products`);
      await tx.execute(sql`insert into stock (product_id, supplied, on_hand) select id, 100, 100 from products`);
    });
    await db.define('vacuum (analyze) products, popularity, stock, categories');
  }, 60_000);

  // Through `prepare`, because a generic plan exists only for prepared statements, and `explain` with parameters makes a custom one.
  const explain = (statement: Sql, mode: 'force_custom_plan' | 'force_generic_plan'): Promise<Plan> =>
    db.transaction(async (tx) => {
      await tx.query(sql`select set_config('plan_cache_mode', ${mode}, true)`);
      const name = `plan_${randomBytes(6).toString('hex')}`;
      await tx.execute(raw(`prepare ${name} as ${statement.text}`));
      const values = statement.values.length === 0 ? '' : `(${statement.values.map(literal).join(', ')})`;
      const [row] = await tx.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(raw(`explain (format json) execute ${name}${values}`));
      if (row === undefined) throw new Error('There is no plan.');
      return row['QUERY PLAN'][0].Plan;
    });

  const base = { match: 'words', limit: 20 } as const;
  const after = { id: 'c209af40-e8d1-8018-b5f2-7e170e2d44ef' };
  const moment = '2026-11-01T00:00:00.000Z';
  const listings: [string, Listing][] = (['newest', 'price', '-price', 'popular'] as const).flatMap(
    (sort): [string, Listing][] => {
      const position = { ...after, key: sort === 'newest' ? moment : '500' };
      return [
        [`${sort}`, { ...base, sort }],
        [`${sort}, later page`, { ...base, sort, after: position }],
        [`${sort}, hundred at a time`, { ...base, sort, limit: 100 }],
        [`${sort} of a category`, { ...base, sort, category: 'category-3' }],
        [`${sort} of a category, later page`, { ...base, sort, category: 'category-3', after: position }],
        [`${sort} of a price range`, { ...base, sort, minPrice: 40_000, maxPrice: 41_000 }],
        [
          `${sort} of a category and a price range`,
          { ...base, sort, category: 'category-3', minPrice: 40_000, maxPrice: 41_000 },
        ],
        [`${sort} of a search`, { ...base, sort, text: 'walnut lamp' }],
        [`${sort} of a search by likeness`, { ...base, sort, text: 'walnt lmap', match: 'likeness' }],
      ];
    },
  );
  const searches: [string, Listing][] = [
    ['a search', { ...base, sort: 'relevance', text: 'walnut lamp' }],
    ['a search, later page', { ...base, sort: 'relevance', text: 'walnut lamp', after: { ...after, key: '1000' } }],
    ['a search in a category', { ...base, sort: 'relevance', text: 'oak', category: 'category-3' }],
    ['a search in a price range', { ...base, sort: 'relevance', text: 'oak', minPrice: 100, maxPrice: 500 }],
    ['a search by likeness', { ...base, sort: 'relevance', text: 'walnt lmap', match: 'likeness' }],
    ['a search for everything but a word', { ...base, sort: 'relevance', text: '-lamp' }],
  ];

  describe.each(['force_custom_plan', 'force_generic_plan'] as const)('with %s', (mode) => {
    it.each([...listings, ...searches])('read no whole table for %s', async (_, listing) => {
      const plan = await explain(listingStatement(listing), mode);

      expect(nodes(plan).filter((node) => node['Node Type'] === 'Seq Scan')).toEqual([]);
    });
  });

  it('show a whole table being read, where it is', async () => {
    const plan = await explain(sql`select p.id from products p where p.description like ${'%x%'}`, 'force_custom_plan');

    expect(nodes(plan).map((node) => node['Node Type'])).toContain('Seq Scan');
  });
});
