import { type Postgres, type Queryable, type Reader, raw, type Sql, sql, type Transaction } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import type { Order, OrderStatus, RejectReason, ShippingAddress } from './order.ts';

/** One row of the select below, exactly as Postgres returns it. Not exported: rows stay in this file. */
interface OrderRow {
  id: string;
  user_id: string;
  status: OrderStatus;
  version: number;
  total_minor: string; // int8 arrives as text; a total always fits a JS number
  currency: string;
  shipping_address: ShippingAddress;
  payment_method: string;
  from_cart: boolean;
  reject_reason: RejectReason | null;
  deadline_at: Date;
  created_at: Date;
  updated_at: Date;
  lines: { product_id: string; name: string; quantity: number; unit_minor: number }[];
  history: { status: OrderStatus; version: number; at: string; cause: string }[];
}

/** Where a newest-first list goes on. */
export interface OrderPosition {
  readonly createdAt: string;
  readonly id: string;
}

const selectOrders = (rows: Sql) => sql`
  select o.id, o.user_id, o.status, o.version, o.total_minor, o.currency, o.shipping_address, o.payment_method, o.from_cart,
         o.reject_reason, o.deadline_at, o.created_at, o.updated_at,
         (select jsonb_agg(jsonb_build_object('product_id', l.product_id, 'name', l.name, 'quantity', l.quantity,
                                              'unit_minor', l.unit_minor) order by l.line_number)
            from order_lines l where l.order_id = o.id) as lines,
         (select jsonb_agg(jsonb_build_object('status', h.status, 'version', h.version, 'at', h.at, 'cause', h.cause)
                           order by h.version)
            from order_history h where h.order_id = o.id) as history
    from (${rows}) o
   order by o.created_at desc, o.id desc
`;

@Injectable()
export class OrderRepository {
  /**
   * Writes the order if `claim`, a statement of its own, has a row, and returns whether it did: both in one statement, which may be a
   * transaction by itself. `recoverAfterMs`: when somebody else looks after it, should it still be
   * pending; by the clock of the database, which everybody shares.
   */
  async insert(
    db: Postgres | Transaction,
    order: Order,
    { claim = sql`select`, recoverAfterMs }: { claim?: Sql; recoverAfterMs?: number } = {},
  ): Promise<boolean> {
    const written = await db.execute(sql`
      with claimed as (${claim}), placed as (
        insert into orders (id, user_id, status, version, total_minor, currency, shipping_address, payment_method, from_cart,
                            deadline_at, recover_at, created_at, updated_at)
        select ${order.id}, ${order.userId}, ${order.status}, ${order.version}, ${order.total.amount}, ${order.total.currency},
               ${JSON.stringify(order.shippingAddress)}, ${order.paymentMethod}, ${order.fromCart},
               ${order.deadlineAt}, clock_timestamp() + ${recoverAfterMs ?? null}::int8 * interval '1 millisecond', ${order.createdAt}, ${order.createdAt}
          from claimed
        returning id
      ), lines as (
        insert into order_lines (order_id, line_number, product_id, name, quantity, unit_minor)
        select p.id, line.number, line."productId", line.name, line.quantity, line."unitMinor"
          from placed p, jsonb_to_recordset(${JSON.stringify(order.lines.map(toLineJson))})
               as line (number int, "productId" uuid, name text, quantity int, "unitMinor" int8)
      )
      insert into order_history (order_id, version, status, at, cause)
      select p.id, ${order.version}, ${order.status}, ${order.createdAt}, ${lastCause(order)} from placed p
    `);
    return written === 1;
  }

  async findById(db: Queryable, id: string): Promise<Order | undefined> {
    const [row] = await db.query<OrderRow>(selectOrders(sql`select * from orders where id = ${id}`));
    return row && toOrder(row);
  }

  async pendingAmong(db: Queryable, ids: readonly string[]): Promise<Pick<Order, 'id' | 'createdAt'>[]> {
    const rows = await db.query<{ id: string; created_at: Date }>(sql`
      select id, created_at from orders where id = any(${[...ids]}::uuid[]) and status = 'pending' order by id
    `);
    return rows.map((row) => ({ id: row.id, createdAt: row.created_at }));
  }

  /** Ids of at most `limit` orders whose request should have finished them. Each is handed out once, however many ask. */
  async takeOverdue(tx: Transaction, limit: number): Promise<string[]> {
    const rows = await tx.query<{ id: string }>(sql`
      with overdue as materialized (
        select id from orders
         where status = 'pending' and recover_at <= now()
         order by recover_at
         limit ${limit}
           for no key update skip locked
      )
      update orders o set recover_at = null from overdue where o.id = overdue.id returning o.id
    `);
    return rows.map(({ id }) => id);
  }

  async listOfUser(db: Queryable, userId: string, limit: number, after?: OrderPosition): Promise<Order[]> {
    const rows =
      after === undefined
        ? sql`select * from orders where user_id = ${userId} order by created_at desc, id desc limit ${limit}`
        : sql`select * from orders where user_id = ${userId} and (created_at, id) < (${after.createdAt}::timestamptz, ${after.id}::uuid)
              order by created_at desc, id desc limit ${limit}`;
    return (await db.query<OrderRow>(selectOrders(rows))).map(toOrder);
  }

  async listAll(db: Reader, limit: number, status?: OrderStatus, after?: OrderPosition): Promise<Order[]> {
    const before = after && sql`(created_at, id) < (${after.createdAt}::timestamptz, ${after.id}::uuid)`;
    const newest = sql`order by created_at desc, id desc limit ${pageSize(limit)}`;
    const rows =
      status === undefined
        ? before === undefined
          ? sql`select * from orders ${newest}`
          : sql`select * from orders where ${before} ${newest}`
        : before === undefined
          ? sql`select * from orders where status = ${status} ${newest}`
          : sql`select * from orders where status = ${status} and ${before} ${newest}`;
    return (await db.query<OrderRow>(selectOrders(rows))).slice(0, limit).map(toOrder);
  }

  /** Writes only when nobody moved the order since it was read; returns whether it did. */
  async change(tx: Transaction, order: Order): Promise<boolean> {
    return (await this.end(tx, order)).moved;
  }

  /**
   * As `change`, with what must be written if and only if the order moved, all in one statement, which may be a transaction by itself.
   * Event and answer read from the row they are given, in a FROM clause; `kept` tells whether the answer has one.
   */
  async end(
    db: Postgres | Transaction,
    order: Order,
    { event = nothing, answer = nothing }: { event?: (row: Sql) => Sql; answer?: (row: Sql) => Sql } = {},
  ): Promise<{ moved: boolean; kept: boolean }> {
    const moved = sql`moved`;
    const [row] = await db.query<{ moved: boolean; kept: boolean }>(sql`
      with moved as (
        update orders
           set status = ${order.status}, version = ${order.version}, reject_reason = ${order.rejectReason}, updated_at = ${order.updatedAt}
         where id = ${order.id} and version = ${order.version - 1}
        returning id
      ), history as (
        insert into order_history (order_id, version, status, at, cause)
        select m.id, ${order.version}, ${order.status}, ${order.updatedAt}, ${lastCause(order)} from moved m
      ), event as (${event(moved)}), answer as (${answer(moved)})
      select exists (select from moved) as moved, exists (select from answer) as kept
    `);
    return row ?? { moved: false, kept: false };
  }
}

// A literal: of a parameter the planner expects a tenth of the table, and at a million orders it reads all of them. One of three sizes,
// because each is a statement of its own to prepare.
const pageSize = (limit: number): Sql => raw(String([21, 51].find((size) => limit <= size) ?? 101));

const nothing = (row: Sql) => sql`select from ${row} where false`;

const lastCause = (order: Order) => order.history.at(-1)?.cause ?? order.status;

const toLineJson = (line: Order['lines'][number], index: number) => ({
  number: index + 1,
  productId: line.productId,
  name: line.name,
  quantity: line.quantity,
  unitMinor: line.unitPrice.amount,
});

const toOrder = (row: OrderRow): Order => ({
  id: row.id,
  userId: row.user_id,
  status: row.status,
  version: row.version,
  lines: row.lines.map((line) => ({
    productId: line.product_id,
    name: line.name,
    quantity: line.quantity,
    unitPrice: { amount: line.unit_minor, currency: row.currency },
  })),
  total: { amount: Number(row.total_minor), currency: row.currency },
  shippingAddress: row.shipping_address,
  paymentMethod: row.payment_method,
  fromCart: row.from_cart,
  rejectReason: row.reject_reason,
  deadlineAt: row.deadline_at,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  history: row.history.map((change) => ({ ...change, at: new Date(change.at) })),
});
