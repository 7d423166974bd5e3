import type { Platform } from '@emporium/local';
import { Postgres, type Sql, sql } from '@emporium/postgres';
import type { LedgerFact, OrderFact, PaymentFact, StockFact } from '../invariants/evidence.ts';

const SOLD = ['confirmed', 'shipped', 'delivered'];
const owners = ['order', 'product', 'payment'] as const;

/** What the platform has written down, read behind its back: as the owners of the databases, past proxies and services. */
export class Books {
  readonly #databases: Readonly<Record<(typeof owners)[number], Postgres>>;

  constructor(platform: Platform) {
    const open = (name: (typeof owners)[number]) =>
      new Postgres({ url: platform.databaseUrl(name), applicationName: 'chaos', min: 0, max: 4, statementTimeoutMs: 60_000 });
    this.#databases = { order: open('order'), product: open('product'), payment: open('payment') };
  }

  /** All there are. */
  orders(): Promise<OrderFact[]> {
    return this.#databases.order.query<OrderFact>(sql`
      select o.id, o.user_id as "userId", o.status, o.version, o.total_minor::float8 as total, o.shipping_address ->> 'line2' as key,
             (select jsonb_agg(jsonb_build_object('productId', l.product_id, 'quantity', l.quantity))
                from order_lines l where l.order_id = o.id) as items,
             (select coalesce(jsonb_agg(jsonb_build_object('version', h.version, 'status', h.status) order by h.version), '[]')
                from order_history h where h.order_id = o.id) as history
        from orders o
    `);
  }

  /** Of those orders that exist. */
  async statuses(ids: readonly string[]): Promise<Map<string, string>> {
    const rows = await this.#databases.order.query<{ id: string; status: string }>(
      sql`select id, status from orders where id = any(${ids})`,
    );
    return new Map(rows.map(({ id, status }) => [id, status]));
  }

  async pendingOrders(): Promise<string[]> {
    const rows = await this.#databases.order.query<{ id: string }>(sql`select id from orders where status = 'pending'`);
    return rows.map(({ id }) => id);
  }

  /** Orders placed since then that ended without a sale, or were taken back. */
  async endedOrders(since: Date): Promise<string[]> {
    const rows = await this.#databases.order.query<{ id: string }>(
      sql`select id from orders where created_at >= ${since} and status in ('rejected', 'cancelled')`,
    );
    return rows.map(({ id }) => id);
  }

  payments(orderIds: readonly string[]): Promise<PaymentFact[]> {
    return this.#databases.payment.query<PaymentFact>(sql`
      select order_id as "orderId", status, charged_minor::float8 as charged, refunded_minor::float8 as refunded
        from payments where order_id = any(${orderIds})
    `);
  }

  ledger(orderIds: readonly string[]): Promise<LedgerFact[]> {
    return this.#databases.payment.query<LedgerFact>(sql`
      select t.order_id as "orderId", sum(e.amount_minor)::float8 as "allAccounts",
             coalesce(sum(e.amount_minor) filter (where e.account = 'provider_clearing'), 0)::float8 as "providerClearing"
        from ledger_transactions t join ledger_entries e on e.transaction_id = t.id
       where t.order_id = any(${orderIds})
       group by t.order_id
    `);
  }

  /** Every product; `put` tells what the suite supplied of its own. */
  async stock(put: ReadonlyMap<string, number>): Promise<StockFact[]> {
    const [stock, sold] = await Promise.all([
      this.#databases.product.query<Omit<StockFact, 'unitsOfOrders' | 'put'>>(sql`
        select product_id as "productId", supplied, on_hand as "onHand", reserved, sold from stock
      `),
      this.#databases.order.query<{ productId: string; units: number }>(sql`
        select l.product_id as "productId", sum(l.quantity)::int as units
          from order_lines l join orders o on o.id = l.order_id
         where o.status = any(${SOLD})
         group by l.product_id
      `),
    ]);
    const units = new Map(sold.map((row) => [row.productId, row.units]));
    return stock.map((row) => ({ ...row, unitsOfOrders: units.get(row.productId) ?? 0, put: put.get(row.productId) }));
  }

  /** What is still on its way, in words; empty when everything is terminal. */
  async unfinished(): Promise<string[]> {
    const [orders, stock, payments, refunds] = await Promise.all([
      this.#count('order', sql`select count(*)::int as count from orders where status = 'pending'`),
      this.#count('product', sql`select coalesce(sum(reserved), 0)::int as count from stock`),
      this.#count('payment', sql`select count(*)::int as count from payments where status = 'pending' or refunding_minor > 0`),
      this.#count('payment', sql`select count(*)::int as count from refunds where status = 'pending'`),
    ]);
    const words = [
      [orders, 'pending orders'],
      [stock, 'reserved units'],
      [payments, 'open payments'],
      [refunds, 'pending refunds'],
    ] as const;
    return words.filter(([count]) => count > 0).map(([count, what]) => `${count} ${what}`);
  }

  /** Runs a statement as the owner of a database: for experiments that lock rows or end sessions. */
  database(name: (typeof owners)[number]): Postgres {
    return this.#databases[name];
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#databases).map((database) => database.close()));
  }

  async #count(name: (typeof owners)[number], statement: Sql): Promise<number> {
    const [row] = await this.#databases[name].query<{ count: number }>(statement);
    return row?.count ?? 0;
  }
}
