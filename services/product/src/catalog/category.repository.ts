import { type Reader, sql } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import type { Category } from '../products/product.ts';

@Injectable()
export class CategoryRepository {
  /** By name. A shelf on which nothing is left is not shown. */
  async list(db: Reader): Promise<Category[]> {
    const rows = await db.query<{ slug: string; name: string; product_count: string }>(sql`
      select c.slug, c.name, n.product_count
        from categories c
       cross join lateral (select count(*) as product_count
                             from products p
                            where p.category = c.slug and p.deleted_at is null) n
       where n.product_count > 0
       order by c.name, c.slug
    `);
    return rows.map((row) => ({ slug: row.slug, name: row.name, productCount: Number(row.product_count) }));
  }
}
