import { sql } from '@emporium/postgres';
import { explain, planModes, readWhole, testDatabase } from '@emporium/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { givenManyProducts } from '../../test/many-products.ts';
import { migrations } from '../migrations.ts';
import { listingStatement } from './listing.repository.ts';
import type { Listing } from './listing.ts';

describe('the plans of the catalogue, on 20,000 products', () => {
  const db = testDatabase('plans', { migrations });

  beforeAll(() => givenManyProducts(db), 60_000);

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
    ['a search with letters swapped', { ...base, sort: 'relevance', text: 'walunt lamp', match: 'swapped' }],
    ['a search by likeness', { ...base, sort: 'relevance', text: 'walnt lmap', match: 'likeness' }],
    ['a search for everything but a word', { ...base, sort: 'relevance', text: '-lamp' }],
  ];

  describe.each(planModes)('with %s', (mode) => {
    it.each([...listings, ...searches])('read no whole table for %s', async (_, listing) => {
      expect(readWhole(await explain(db, listingStatement(listing), mode))).toEqual([]);
    });
  });

  it('show a whole table being read, where it is', async () => {
    const plan = await explain(db, sql`select p.id from products p where p.description like ${'%x%'}`, 'force_custom_plan');

    expect(readWhole(plan)).toEqual(['products']);
  });
});
