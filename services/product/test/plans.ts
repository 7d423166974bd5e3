import { randomBytes } from 'node:crypto';
import { raw, type Sql, sql } from '@emporium/postgres';
import type { TestDatabase } from '@emporium/testing';

export interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  Plans?: Plan[];
}

export type PlanMode = 'force_custom_plan' | 'force_generic_plan';

/** Enough for the planner to care: 20,000 products in 12 categories, and as many finished orders. */
export async function givenManyProducts(db: TestDatabase): Promise<void> {
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
    await tx.execute(sql`insert into stock (product_id, supplied, on_hand, sold) select id, 101, 100, 1 from products`);
    await tx.execute(sql`
      with made as (
        insert into reservations (order_id, status, expires_at)
        select gen_random_uuid(), case n % 100 when 0 then 'reserved' else 'committed' end, now() + n * interval '1 second'
          from generate_series(1, 20000) n
        returning order_id
      )
      insert into reservation_lines (order_id, product_id, quantity)
      select m.order_id, p.id, 1
        from (select order_id, row_number() over () as n from made) m
        join (select id, row_number() over () as n from products) p on p.n = m.n
    `);
  });
  await db.define('vacuum (analyze) products, popularity, stock, categories, reservations, reservation_lines');
}

/**
 * The plan of a statement with its values (custom) or for any values (generic). Goes through `prepare`, because only prepared
 * statements have generic plans, and `explain` with parameters makes a custom one.
 */
export const explain = (db: TestDatabase, statement: Sql, mode: PlanMode): Promise<Plan> =>
  db.transaction(async (tx) => {
    await tx.query(sql`select set_config('plan_cache_mode', ${mode}, true)`);
    const name = `plan_${randomBytes(6).toString('hex')}`;
    await tx.execute(raw(`prepare ${name} as ${statement.text}`));
    const values = statement.values.length === 0 ? '' : `(${statement.values.map(literal).join(', ')})`;
    const [row] = await tx.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(raw(`explain (format json) execute ${name}${values}`));
    if (row === undefined) throw new Error('There is no plan.');
    return row['QUERY PLAN'][0].Plan;
  });

export const nodes = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodes)];

/** Names of the tables that a plan reads from the first page to the last. */
export const readWhole = (plan: Plan): (string | undefined)[] =>
  nodes(plan)
    .filter((node) => node['Node Type'] === 'Seq Scan')
    .map((node) => node['Relation Name']);

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  const text = Array.isArray(value) ? `{${value.join(',')}}` : String(value);
  return `'${text.replaceAll("'", "''")}'`;
}
