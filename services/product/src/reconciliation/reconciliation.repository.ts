import { type Queryable, sql } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import type { StockBooks } from './stock-books.ts';

/** Where a walk over reservations goes on. */
export interface Position {
  readonly at: Date;
  readonly id: string;
}

export interface Window {
  readonly since: Date;
  /** Exclusive. */
  readonly until: Date;
}

export interface MovedReservation {
  readonly orderId: string;
  readonly productIds: readonly string[];
  readonly updatedAt: Date;
}

export interface StandingReservation {
  readonly orderId: string;
  readonly status: 'reserved' | 'refused' | 'committed' | 'released' | 'returned';
  readonly lines: readonly { productId: string; quantity: number }[];
  readonly updatedAt: Date;
}

interface ReservationRow {
  order_id: string;
  status: StandingReservation['status'];
  lines: { productId: string; quantity: number }[];
  updated_at: Date;
}

interface StockRow {
  product_id: string;
  supplied: number;
  on_hand: number;
  reserved: number;
  sold: number;
  held: string;
  handed_over: string;
  moved: string;
}

/** Reads only. Each method is one statement, so that all of its answer is of one moment. */
@Injectable()
export class ReconciliationRepository {
  /** What was sold or undone, in the order it was; one scan for each of the two indexes by time. */
  async moved(db: Queryable, { since, until }: Window, limit: number, after?: Position): Promise<MovedReservation[]> {
    const from = after ?? { at: since, id: firstId };
    const page = sql`r.updated_at < ${until} and r.updated_at >= ${from.at} and (r.updated_at, r.order_id) > (${from.at}, ${from.id}::uuid)
                     order by r.updated_at, r.order_id limit ${limit}`;
    const rows = await db.query<{ order_id: string; updated_at: Date; product_ids: string[] }>(sql`
      select m.order_id, m.updated_at,
             array(select l.product_id::text from reservation_lines l where l.order_id = m.order_id order by 1) as product_ids
        from ((select r.order_id, r.updated_at from reservations r where r.status = 'committed' and ${page})
              union all
              (select r.order_id, r.updated_at from reservations r where r.status in ('refused', 'released', 'returned') and ${page})) m
       order by m.updated_at, m.order_id
       limit ${limit}
    `);
    return rows.map((row) => ({ orderId: row.order_id, updatedAt: row.updated_at, productIds: row.product_ids }));
  }

  async reservations(db: Queryable, orderIds: readonly string[]): Promise<StandingReservation[]> {
    const rows = await db.query<ReservationRow>(sql`
      select r.order_id, r.status, r.updated_at,
             coalesce(
               (select jsonb_agg(jsonb_build_object('productId', l.product_id, 'quantity', l.quantity) order by l.product_id)
                  from reservation_lines l
                 where l.order_id = r.order_id),
               '[]'
             ) as lines
        from reservations r
       where r.order_id = any(${orderIds}::uuid[])
    `);
    return rows.map((row) => ({ orderId: row.order_id, status: row.status, lines: row.lines, updatedAt: row.updated_at }));
  }

  /** The books of these products beside the rows that they are made of: all reservations and movements there ever were of each. */
  async books(db: Queryable, productIds: readonly string[]): Promise<StockBooks[]> {
    const rows = await db.query<StockRow>(sql`
      select s.product_id, s.supplied, s.on_hand, s.reserved, s.sold, l.held, l.sold + coalesce(f.quantity, 0) as handed_over, m.moved
        from stock s
        left join forgotten_sales f on f.product_id = s.product_id
       cross join lateral (select coalesce(sum(l.quantity) filter (where r.status = 'reserved'), 0) as held,
                                  coalesce(sum(l.quantity) filter (where r.status = 'committed'), 0) as sold
                             from reservation_lines l
                             join reservations r on r.order_id = l.order_id
                            where l.product_id = s.product_id) l
       cross join lateral (select coalesce(sum(m.quantity), 0) as moved from stock_movements m where m.product_id = s.product_id) m
       where s.product_id = any(${productIds}::uuid[])
    `);
    return rows.map(toBooks);
  }

  /** Orders whose reservation should have been released so long ago. */
  async overdue(db: Queryable, byMs: number, limit: number): Promise<string[]> {
    const rows = await db.query<{ order_id: string }>(sql`
      select r.order_id
        from reservations r
       where r.status = 'reserved' and r.expires_at < now() - ${byMs}::int8 * interval '1 millisecond'
       order by r.expires_at
       limit ${limit}
    `);
    return rows.map((row) => row.order_id);
  }
}

/** Before every id that was ever given. */
const firstId = '00000000-0000-0000-0000-000000000000';

const toBooks = (row: StockRow): StockBooks => ({
  productId: row.product_id,
  supplied: row.supplied,
  onHand: row.on_hand,
  reserved: row.reserved,
  sold: row.sold,
  held: Number(row.held),
  handedOver: Number(row.handed_over),
  moved: Number(row.moved),
});
