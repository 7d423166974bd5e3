import { isRetryable, isUniqueViolation, type Postgres, type Queryable, sql } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import type { RecordedStatus, ReservationLine, Shortage, Step, WantedLine } from './reservation.ts';

/** Either the reservation as it stood before, or what was missing; neither: the units are reserved now. */
export interface ReserveResult {
  readonly found?: RecordedStatus;
  readonly shortages: readonly Shortage[];
}

/** `moved` says whether this call did it; `found` is the status as the statement began. */
export interface StepResult {
  readonly moved: boolean;
  readonly found?: RecordedStatus;
  readonly productIds: readonly string[];
}

interface StepRow {
  moved: boolean;
  found: RecordedStatus | null;
  product_ids: string[];
}

/**
 * The writes here are single statements and run on the pool: a statement is its own transaction, and the rows of a product that
 * everybody wants stay locked for one round trip instead of three. All of them lock stock in the order of product ids.
 */
@Injectable()
export class ReservationRepository {
  /**
   * Takes all lines or none, and keeps on record which it was. Undefined: another call for the same order was faster by a moment; ask again.
   * Judged and counted with the numbers of `locked` alone: the update first sees its rows as they were when the statement began, so a
   * condition on them would pass over what a delivery filled up meanwhile, and the database would check sums of old numbers.
   */
  async reserve(
    db: Postgres,
    orderId: string,
    lines: readonly ReservationLine[],
    ttlMs: number,
  ): Promise<ReserveResult | undefined> {
    try {
      const rows = await db.query<{ found: RecordedStatus | null; product_id: string | null; available: number | null }>(sql`
        with found as (
          select r.status from reservations r where r.order_id = ${orderId}
        ), wanted as materialized (
          select w.product_id, w.quantity
            from unnest(${lines.map((line) => line.productId)}::uuid[], ${lines.map((line) => line.quantity)}::int[])
                 as w (product_id, quantity)
           where not exists (select 1 from found)
        ), locked as materialized (
          select s.product_id, s.supplied, s.on_hand, s.reserved, s.sold, w.quantity
            from wanted w
            join stock s on s.product_id = w.product_id
           order by s.product_id
             for no key update of s
        ), short as (
          select w.product_id, coalesce(l.on_hand, 0) as available
            from wanted w
            left join locked l on l.product_id = w.product_id
           where coalesce(l.on_hand, 0) < w.quantity
        ), taken as (
          update stock s
             set supplied = l.supplied, on_hand = l.on_hand - l.quantity, reserved = l.reserved + l.quantity, sold = l.sold
            from locked l
           where s.product_id = l.product_id
             and not exists (select 1 from short)
          returning s.product_id, l.quantity
        ), reservation as (
          insert into reservations (order_id, status, expires_at)
          select ${orderId}, case when exists (select 1 from short) then 'refused' else 'reserved' end,
                 now() + ${ttlMs} * interval '1 millisecond'
           where not exists (select 1 from found)
          returning order_id
        ), reservation_line as (
          insert into reservation_lines (order_id, product_id, quantity)
          select r.order_id, t.product_id, t.quantity from reservation r cross join taken t
        )
        select f.status as found, null as product_id, null as available from found f
        union all
        select null, sh.product_id, sh.available from short sh
      `);
      const shortages = rows.flatMap((row) =>
        row.product_id === null ? [] : [{ productId: row.product_id, available: row.available ?? 0 }],
      );
      return { found: rows.find((row) => row.found !== null)?.found ?? undefined, shortages };
    } catch (error) {
      // A deadlock is one with a step of the same order: that has the reservation and wants the stock, this the other way round.
      if (isUniqueViolation(error, 'reservations_pkey') || isRetryable(error)) return undefined;
      throw error;
    }
  }

  /** Moves the reservation and its units by one step if it is where the step begins. */
  async take(db: Postgres, orderId: string, step: Step): Promise<StepResult> {
    try {
      return await this.tryStep(db, orderId, step);
    } catch (error) {
      // The other side of the deadlock in `reserve`: the reservation stands where it stood.
      if (isRetryable(error)) return { moved: false, found: step.from, productIds: [] };
      throw error;
    }
  }

  /** Marks an order of which nothing was ever reserved as released, so that a reserve that comes late fails. False: there is a row. */
  async entomb(db: Postgres, orderId: string): Promise<boolean> {
    const inserted = await db.execute(sql`
      insert into reservations (order_id, status, expires_at) values (${orderId}, 'released', now())
      on conflict (order_id) do nothing
    `);
    return inserted === 1;
  }

  /** Releases at most `limit` reservations whose time is over and returns their orders and products; those being changed by others are left. */
  async expire(db: Postgres, limit: number): Promise<{ orderIds: string[]; productIds: string[] }> {
    const [row] = await db.query<{ order_ids: string[]; product_ids: string[] }>(sql`
      with due as materialized (
        select r.order_id
          from reservations r
         where r.status = 'reserved' and r.expires_at <= now()
         order by r.expires_at
         limit ${limit}
           for update skip locked
      ), released as (
        update reservations r set status = 'released', updated_at = now()
          from due d
         where r.order_id = d.order_id and r.status = 'reserved'
        returning r.order_id
      ), owed as materialized (
        select l.product_id, sum(l.quantity)::int as quantity
          from released e
          join reservation_lines l on l.order_id = e.order_id
         group by l.product_id
      ), locked as materialized (
        select s.product_id, o.quantity
          from owed o
          join stock s on s.product_id = o.product_id
         order by s.product_id
           for no key update of s
      ), stocked as (
        update stock s set on_hand = s.on_hand + l.quantity, reserved = s.reserved - l.quantity
          from locked l
         where s.product_id = l.product_id
        returning s.product_id
      )
      select array(select e.order_id from released e) as order_ids, array(select st.product_id from stocked st) as product_ids
    `);
    return { orderIds: row?.order_ids ?? [], productIds: row?.product_ids ?? [] };
  }

  /** Forgets at most `limit` orders that hold nothing since so long ago, tombstones among them; those being changed by others are left. */
  async purgeOver(db: Postgres, ageMs: number, limit: number): Promise<number> {
    return db.execute(sql`
      delete from reservations
       where order_id = any (array(
               select r.order_id
                 from reservations r
                where r.status in ('refused', 'released', 'returned')
                  and r.updated_at < now() - ${ageMs}::int8 * interval '1 millisecond'
                order by r.updated_at
                limit ${limit}
                  for update skip locked
             ))
    `);
  }

  /** As `purgeOver`, for orders that were sold: from then on they cannot be returned, and only their sum is known. */
  async purgeCommitted(db: Postgres, ageMs: number, limit: number): Promise<number> {
    return db.execute(sql`
      with due as materialized (
        select r.order_id
          from reservations r
         where r.status = 'committed'
           and r.updated_at < now() - ${ageMs}::int8 * interval '1 millisecond'
         order by r.updated_at
         limit ${limit}
           for update skip locked
      ), counted as (
        insert into forgotten_sales as f (product_id, quantity)
        select l.product_id, sum(l.quantity)::int
          from reservation_lines l
         where l.order_id = any (array(select d.order_id from due d))
         group by l.product_id
         order by l.product_id
        on conflict (product_id) do update set quantity = f.quantity + excluded.quantity
      )
      delete from reservations where order_id = any (array(select d.order_id from due d))
    `);
  }

  async find(db: Queryable, orderId: string): Promise<{ status: RecordedStatus; lines: WantedLine[] } | undefined> {
    const [row] = await db.query<{ status: RecordedStatus; lines: WantedLine[] }>(sql`
      select r.status,
             coalesce(
               (select jsonb_agg(jsonb_build_object('productId', l.product_id, 'quantity', l.quantity) order by l.product_id)
                  from reservation_lines l
                 where l.order_id = r.order_id),
               '[]'
             ) as lines
        from reservations r
       where r.order_id = ${orderId}
    `);
    return row;
  }

  private async tryStep(db: Postgres, orderId: string, step: Step): Promise<StepResult> {
    const [row] = await db.query<StepRow>(sql`
      with moved as (
        update reservations r set status = ${step.to}, updated_at = now()
         where r.order_id = ${orderId} and r.status = ${step.from}
        returning r.order_id
      ), locked as materialized (
        select s.product_id, l.quantity
          from moved m
          join reservation_lines l on l.order_id = m.order_id
          join stock s on s.product_id = l.product_id
         order by s.product_id
           for no key update of s
      ), stocked as (
        update stock s
           set on_hand = s.on_hand + l.quantity * ${step.onHand}::int,
               reserved = s.reserved + l.quantity * ${step.reserved}::int,
               sold = s.sold + l.quantity * ${step.sold}::int
          from locked l
         where s.product_id = l.product_id
        returning s.product_id
      )
      select exists (select 1 from moved) as moved,
             (select r.status from reservations r where r.order_id = ${orderId}) as found,
             array(select st.product_id from stocked st) as product_ids
    `);
    return { moved: row?.moved ?? false, found: row?.found ?? undefined, productIds: row?.product_ids ?? [] };
  }
}
