import { type Queryable, sql } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import type { OrderStatus } from '../orders/order.ts';
import type { OrderFacts } from './disagreement.ts';
import { firstId } from './position.ts';
import type { Window } from './run.ts';

interface FactsRow {
  id: string;
  status: OrderStatus;
  total_minor: string;
  currency: string;
  lines: { productId: string; quantity: number }[] | null;
  deadline_at: Date;
  recover_at: Date | null;
  created_at: Date;
  updated_at: Date;
}

/** Where a walk over orders goes on. The moment as Postgres writes it: a Date would lose its microseconds, and meet the same rows again. */
export interface Position {
  readonly at: string;
  readonly id: string;
}

interface StepRow {
  id: string;
  at: string;
}

/** Orders as reconciliation compares them. Reads only. */
@Injectable()
export class OrderFactsRepository {
  async of(db: Queryable, orderIds: readonly string[]): Promise<OrderFacts[]> {
    const rows = await db.query<FactsRow>(sql`
      select o.id, o.status, o.total_minor, o.currency, o.deadline_at, o.recover_at, o.created_at, o.updated_at,
             (select jsonb_agg(jsonb_build_object('productId', l.product_id, 'quantity', l.quantity) order by l.product_id)
                from order_lines l where l.order_id = o.id) as lines
        from orders o
       where o.id = any(${orderIds}::uuid[])
    `);
    return rows.map(toFacts);
  }

  /** Orders that changed, in the order they did. */
  changed(db: Queryable, { since, until }: Window, limit: number, after?: Position): Promise<Position[]> {
    const from = after ?? { at: since.toISOString(), id: firstId };
    return db.query<StepRow>(sql`
      select o.id, o.updated_at::text as at
        from orders o
       where o.updated_at < ${until} and (o.updated_at, o.id) > (${from.at}::timestamptz, ${from.id}::uuid)
       order by o.updated_at, o.id
       limit ${limit}
    `);
  }

  /** Orders that are pending since before a moment, latest first. */
  pending(db: Queryable, before: Date, limit: number, after?: Position): Promise<Position[]> {
    const from = after ?? { at: before.toISOString(), id: firstId };
    return db.query<StepRow>(sql`
      select o.id, o.created_at::text as at
        from orders o
       where o.status = 'pending' and (o.created_at, o.id) < (${from.at}::timestamptz, ${from.id}::uuid)
       order by o.created_at desc, o.id desc
       limit ${limit}
    `);
  }

  /** Those of these orders that the walk over a window has not met: they changed before it, or do not exist. */
  async outside(db: Queryable, orderIds: readonly string[], { since }: Window): Promise<string[]> {
    const rows = await db.query<{ id: string }>(sql`
      select wanted.id
        from unnest(${orderIds}::uuid[]) as wanted (id)
       where not exists (select 1 from orders o where o.id = wanted.id and o.updated_at >= ${since})
    `);
    return rows.map(({ id }) => id);
  }
}

const toFacts = (row: FactsRow): OrderFacts => ({
  id: row.id,
  status: row.status,
  total: { amount: Number(row.total_minor), currency: row.currency },
  lines: row.lines ?? [],
  deadlineAt: row.deadline_at,
  recoverAt: row.recover_at,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});
