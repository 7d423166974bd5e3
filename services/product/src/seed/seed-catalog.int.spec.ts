import { sql } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { disagreements } from '../../test/given.ts';
import { migrations } from '../migrations.ts';
import { seedCatalog } from './seed-catalog.ts';
import { seedProducts } from './seed-products.ts';

describe('seeding', () => {
  const db = testDatabase('seed', { migrations });
  const count = async (table: 'products' | 'stock' | 'popularity' | 'categories') => {
    const [row] = await db.query<{ count: string }>(sql`
      select case ${table}::text
        when 'products' then (select count(*) from products)
        when 'stock' then (select count(*) from stock)
        when 'popularity' then (select count(*) from popularity)
        else (select count(*) from categories)
      end as count
    `);
    return Number(row?.count);
  };

  it('fills an empty database within seconds, even by two processes at once, and its books agree', async () => {
    const startedAt = performance.now();

    const added = await Promise.all([seedCatalog(db), seedCatalog(db)]);

    expect(added.reduce((sum, count) => sum + count, 0)).toBe(1_080);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    for (const table of ['products', 'stock', 'popularity'] as const) expect(await count(table)).toBe(1_080);
    expect(await count('categories')).toBe(12);
    expect(await disagreements(db)).toEqual([]);
  });

  it('again changes nothing: neither prices nor stock of what is there', async () => {
    await seedCatalog(db);
    const [first] = seedProducts();
    await db.execute(sql`update products set price_minor = 1 where id = ${first?.id}`);
    await db.execute(sql`update stock set on_hand = on_hand - 1, sold = 1 where product_id = ${first?.id}`);

    expect(await seedCatalog(db)).toBe(0);

    const [row] = await db.query(sql`
      select p.price_minor, s.sold from products p join stock s on s.product_id = p.id where p.id = ${first?.id}
    `);
    expect(row).toEqual({ price_minor: '1', sold: 1 });
  });
});
