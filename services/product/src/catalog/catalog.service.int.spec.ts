import { randomUUID } from 'node:crypto';
import { Replica, sql } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { forgetfulCache, givenProduct } from '../../test/given.ts';
import { migrations } from '../migrations.ts';
import { type CatalogRequest, CatalogService } from './catalog.service.ts';
import { CategoryRepository } from './category.repository.ts';
import { ListingRepository } from './listing.repository.ts';
import type { Sort } from './listing.ts';

const refused = expect.objectContaining({ kind: 'invalid', errors: [expect.objectContaining({ field: 'cursor' })] });

describe('the catalogue', () => {
  const db = testDatabase('catalog', { migrations });
  const catalog = new CatalogService(
    db,
    new Replica(db),
    new ListingRepository(),
    new CategoryRepository(),
    forgetfulCache().cache,
  );

  const list = async (request: CatalogRequest) => (await catalog.list(request)).value;
  const names = async (request: Partial<CatalogRequest>) =>
    (await list({ limit: 100, ...request })).products.map((product) => product.name);

  /** All pages, one after the other. */
  async function walk(request: Partial<CatalogRequest>): Promise<string[]> {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await list({ limit: 3, ...request, cursor });
      seen.push(...page.products.map((product) => product.name));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    return seen;
  }

  const price = (amount: number) => ({ amount, currency: 'EUR' });

  beforeAll(async () => {
    const shelf: [name: string, category: string, amount: number, score: number, description: string][] = [
      ['Oak Table Lamp', 'lamps', 4_900, 5, 'Throws warm light over a desk.'],
      ['Brass Floor Lamp', 'lamps', 12_900, 9, 'Stands behind a sofa.'],
      ['Paper Lantern', 'lamps', 1_900, 9, 'A lamp that folds flat.'],
      ['Oak Bookshelf', 'shelves', 19_900, 1, 'Five boards of solid wood.'],
      ['Steel Shelf', 'shelves', 4_900, 0, 'For cellars and workshops.'],
      ['Wireless Headphones', 'audio', 14_900, 7, 'Quiet on trains.'],
      ['Headphone Stand', 'audio', 2_900, 2, 'Walnut and felt.'],
    ];
    for (const [index, [name, category, amount, score, description]] of shelf.entries()) {
      const id = await givenProduct(db, { name, category, price: price(amount), description, stock: index });
      await db.execute(sql`update products set created_at = ${new Date(Date.UTC(2026, 0, 1 + index))} where id = ${id}`);
      await db.execute(sql`update popularity set score = ${score} where product_id = ${id}`);
    }
    const gone = await givenProduct(db, { name: 'Withdrawn Lamp', category: 'lamps' });
    await db.execute(sql`update products set deleted_at = now() where id = ${gone}`);
  });

  describe('a list', () => {
    it('begins with the newest', async () => {
      expect(await names({})).toEqual([
        'Headphone Stand',
        'Wireless Headphones',
        'Steel Shelf',
        'Oak Bookshelf',
        'Paper Lantern',
        'Brass Floor Lamp',
        'Oak Table Lamp',
      ]);
    });

    it('goes from cheap to dear and back', async () => {
      const up = await names({ sort: 'price' });

      expect(up.slice(0, 2)).toEqual(['Paper Lantern', 'Headphone Stand']);
      expect(up.at(-1)).toBe('Oak Bookshelf');
      expect(await names({ sort: '-price' })).toEqual(up.reverse());
    });

    it('begins with what sells best', async () => {
      const [first, second, third] = await names({ sort: 'popular' });

      expect([first, second].sort()).toEqual(['Brass Floor Lamp', 'Paper Lantern']);
      expect(third).toBe('Wireless Headphones');
      expect(await names({ sort: 'popular', category: 'audio' })).toEqual(['Wireless Headphones', 'Headphone Stand']);
    });

    it('shows one category, or prices from and to, both included', async () => {
      expect(await names({ category: 'shelves' })).toEqual(['Steel Shelf', 'Oak Bookshelf']);
      expect(await names({ category: 'nothing-here' })).toEqual([]);
      expect(await names({ minPrice: 4_900, maxPrice: 12_900, sort: 'price', category: 'lamps' })).toEqual([
        'Oak Table Lamp',
        'Brass Floor Lamp',
      ]);
      expect(await names({ minPrice: 12_901, maxPrice: 14_899 })).toEqual([]);
      expect(await names({ maxPrice: 1_900, sort: 'popular' })).toEqual(['Paper Lantern']);
    });

    it('tells what is on hand', async () => {
      const { products } = await list({ limit: 1 });

      expect(products[0]).toMatchObject({ name: 'Headphone Stand', available: 6, price: price(2_900), version: 1 });
    });
  });

  describe('a search', () => {
    it('finds words in name, category and description, and puts those in names first', async () => {
      const found = await names({ text: 'lamp' });

      expect(found.toSorted()).toEqual(['Brass Floor Lamp', 'Oak Table Lamp', 'Paper Lantern']);
      expect(found.at(-1)).toBe('Paper Lantern');
      expect(await names({ text: 'shelves wood' })).toEqual(['Oak Bookshelf']);
    });

    it('understands quotes, or, and minus', async () => {
      expect(await names({ text: '"table lamp"' })).toEqual(['Oak Table Lamp']);
      expect((await names({ text: 'bookshelf or lantern' })).toSorted()).toEqual(['Oak Bookshelf', 'Paper Lantern']);
      expect(await names({ text: 'oak -table' })).toEqual(['Oak Bookshelf']);
    });

    it.each([
      ['wirless hedphones', 'Wireless Headphones'],
      ['Headphnoes', 'Wireless Headphones'],
      ['lantren', 'Paper Lantern'],
      ['Paepr', 'Paper Lantern'],
      ['Pamer', 'Paper Lantern'],
      ['bokshelf', 'Oak Bookshelf'],
      ['headph', 'Headphone Stand'],
    ])('forgives typing errors: %s', async (text, name) => {
      expect(await names({ text })).toContain(name);
    });

    it('keeps its filters and its sort when it forgives', async () => {
      expect(await names({ text: 'hedphones', maxPrice: 5_000 })).toEqual(['Headphone Stand']);
      expect(await names({ text: 'hedphone', sort: 'price' })).toEqual(['Headphone Stand', 'Wireless Headphones']);
    });

    it.each(['xyzzy', '***', '-', '" "', 'the', '\\', "' or 1=1 --", '&|!<>():*'])(
      'finds nothing for %s, and does not fail',
      async (text) => {
        expect(await names({ text })).toEqual([]);
      },
    );

    it('for everything but a word is a search for the word', async () => {
      expect((await names({ text: '-lantern' }))[0]).toBe('Paper Lantern');
    });
  });

  describe('pages', () => {
    it.each<Partial<CatalogRequest>>([
      { sort: 'newest' },
      { sort: 'price' },
      { sort: '-price' },
      { sort: 'popular' },
      { sort: 'price', category: 'lamps' },
      { text: 'lamp' },
      { text: 'hedphone' },
      { text: 'lamp', sort: 'popular' },
    ])('of %o show everything once, in order', async (request) => {
      for (const limit of [1, 2, 3]) expect(await walk({ ...request, limit })).toEqual(await names(request));
    });

    it('miss nothing and repeat nothing while products are added', async () => {
      const first = await list({ limit: 3 });
      const added = await givenProduct(db, { name: 'Added meanwhile', category: 'added' });

      const second = await list({ limit: 100, cursor: first.nextCursor ?? undefined });

      expect(second.products.map((product) => product.name)).toEqual((await names({})).slice(4));
      await db.execute(sql`update products set deleted_at = now() where id = ${added}`);
    });

    it('of products that are equal in what they are sorted by come in a fixed order', async () => {
      const twins = Array.from({ length: 7 }, () => randomUUID());
      await Promise.all(twins.map((id) => givenProduct(db, { id, name: id, category: 'twins' })));
      await db.execute(sql`update products set created_at = '2026-05-01' where category = 'twins'`);

      for (const sort of ['newest', 'price', '-price', 'popular'] as Sort[]) {
        expect((await walk({ sort, category: 'twins' })).toSorted()).toEqual(twins.toSorted());
      }
      await db.execute(sql`update products set deleted_at = now() where category = 'twins'`);
    });

    it('refuse a cursor of another sort or another search', async () => {
      const { nextCursor } = await list({ limit: 1, sort: 'price' });
      const cursor = nextCursor ?? '';

      await expect(catalog.list({ limit: 1, sort: '-price', cursor })).rejects.toEqual(refused);
      await expect(catalog.list({ limit: 1, sort: 'price', text: 'lamp', cursor })).rejects.toEqual(refused);
      await expect(catalog.list({ limit: 1, cursor: 'garbage' })).rejects.toEqual(refused);
    });
  });

  it('counts its categories and leaves out the empty ones', async () => {
    await db.execute(sql`insert into categories (slug, name) values ('empty', 'Empty')`);

    expect((await catalog.categories()).value).toEqual([
      { slug: 'audio', name: 'audio', productCount: 2 },
      { slug: 'lamps', name: 'lamps', productCount: 3 },
      { slug: 'shelves', name: 'shelves', productCount: 2 },
    ]);
  });
});
