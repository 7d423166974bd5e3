import { verifyPassword } from '@emporium/auth';
import { sql } from '@emporium/postgres';
import { type TestDatabase, testDatabase } from '@emporium/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { migrations as orderMigrations } from '../../../services/order/src/migrations.ts';
import { migrations as paymentMigrations } from '../../../services/payment/src/migrations.ts';
import { migrations as productMigrations } from '../../../services/product/src/migrations.ts';
import { migrations as userMigrations } from '../../../services/user/src/migrations.ts';
import { type DatabaseName, fillDatabases, PASSWORD } from './dataset.ts';
import { load } from './loader.ts';
import { orderFilling } from './order.filling.ts';
import { lastMoment, type Size } from './size.ts';
import { volumeOf } from './volume.ts';

const size: Size = { products: 500, orders: 3_000, users: 400, seed: 7, until: lastMoment(new Date()) };
const silent = { write: () => undefined };

describe('a data set', () => {
  const databases: Record<DatabaseName, TestDatabase> = {
    user: testDatabase('dataset_user', { migrations: userMigrations }),
    product: testDatabase('dataset_product', { migrations: productMigrations }),
    order: testDatabase('dataset_order', { migrations: orderMigrations }),
    payment: testDatabase('dataset_payment', { migrations: paymentMigrations }),
  };
  const twin = testDatabase('dataset_twin', { migrations: orderMigrations });
  const urlOf = (name: DatabaseName) => databases[name].ownerUrl;
  const { user, product, order, payment } = databases;

  const structure = (db: TestDatabase) =>
    db.query(sql`
      select tablename || ': ' || indexdef as made from pg_indexes where schemaname = 'public'
      union all
      select conrelid::regclass || ': ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint where conrelid > 0 and connamespace = 'public'::regnamespace
      union all
      select tgrelid::regclass || ': ' || tgname || ' ' || tgenabled::text from pg_trigger where not tgisinternal
      order by 1
    `);
  let before: unknown[];

  beforeAll(async () => {
    before = await Promise.all(Object.values(databases).map(structure));
    await fillDatabases(urlOf, size, silent);
  }, 60_000);

  it('has as much as was asked for', async () => {
    expect(await user.query(sql`select count(*)::int from accounts`)).toEqual([{ count: 400 }]);
    expect(await product.query(sql`select count(*)::int from products`)).toEqual([{ count: 500 }]);
    expect(await order.query(sql`select count(*)::int from orders`)).toEqual([{ count: 3_000 }]);
  });

  it('has people who can sign in', async () => {
    const [row] = await user.query<{ hash: string }>(
      sql`select password_hash as hash from accounts where email = 'customer-400@dataset.test'`,
    );

    expect(await verifyPassword(row?.hash, PASSWORD)).toBe(true);
  });

  it('leaves every key, index, reference and trigger as it was', async () => {
    expect(await Promise.all(Object.values(databases).map(structure))).toEqual(before);
  });

  it('has orders in every state but pending, whose totals are those of their lines and whose last change is their state', async () => {
    const states = await order.query<{ status: string; count: number }>(
      sql`select status, count(*)::int from orders group by status order by 2 desc`,
    );

    expect(states.map(({ status }) => status).sort()).toEqual(['cancelled', 'confirmed', 'delivered', 'rejected', 'shipped']);
    expect(
      await order.query(sql`
        select o.id from orders o
         where o.total_minor <> (select sum(l.quantity * l.unit_minor) from order_lines l where l.order_id = o.id)
            or (o.status, o.version, o.updated_at) <> (select h.status, h.version, h.at from order_history h where h.order_id = o.id order by h.version desc limit 1)
            or o.version <> (select count(*) from order_history h where h.order_id = o.id)
            or o.updated_at > now() - interval '12 hours'
      `),
    ).toEqual([]);
  });

  it('has a payment for each order that got so far, of the same sum', async () => {
    const orders = await order.query<{ id: string; total: string; status: string }>(sql`
      select id, total_minor as total, status from orders where reject_reason is distinct from 'out_of_stock' order by id
    `);
    const payments = await payment.query<{ id: string; total: string; status: string }>(sql`
      select order_id as id, amount_minor as total,
             case status when 'succeeded' then 'sold' when 'declined' then 'rejected' else status end as status from payments order by 1
    `);

    const ended = ['rejected', 'cancelled'];
    expect(payments).toEqual(
      orders.map(({ status, ...rest }) => ({ ...rest, status: ended.includes(status) ? status : 'sold' })),
    );
  });

  it('has a ledger in which every transaction sums to zero, and clearing is charged less refunded', async () => {
    const unequal = await payment.query(sql`
      select transaction_id from ledger_entries group by transaction_id having sum(amount_minor) <> 0 or count(*) <> 2
    `);
    const [sums] = await payment.query<{ clearing: string; charged: string }>(sql`
      select (select sum(amount_minor) from ledger_entries where account = 'provider_clearing') as clearing,
             (select sum(charged_minor - refunded_minor) from payments) as charged
    `);

    expect(unequal).toEqual([]);
    expect(sums?.clearing).toBe(sums?.charged);
    expect(
      await payment.query(sql`
        select account, currency from ledger_totals t
         where total_minor <> (select sum(amount_minor) from ledger_entries e where e.account = t.account)
         union all
        select account, currency from ledger_entries where position > (select position from ledger_totals_end)
      `),
    ).toEqual([]);
    expect(await payment.query(sql`select count(*) as accounts from ledger_totals`)).toEqual([{ accounts: '3' }]);
    expect(await payment.query(sql`select count(*) > 0 as some from refunds`)).toEqual([{ some: true }]);
  });

  it('has stock of which as much was sold as was ordered, and books that agree with their rows', async () => {
    const [ordered] = await order.query(sql`
      select sum(l.quantity)::int as units from orders o join order_lines l on l.order_id = o.id where o.status in ('confirmed', 'shipped', 'delivered')
    `);
    const wrong = await product.query(sql`
      select s.product_id from stock s
       where s.sold <> coalesce((select sum(l.quantity) from reservation_lines l join reservations r on r.order_id = l.order_id
                                  where l.product_id = s.product_id and r.status = 'committed'), 0)
                       + coalesce((select f.quantity from forgotten_sales f where f.product_id = s.product_id), 0)
          or s.supplied <> (select sum(m.quantity) from stock_movements m where m.product_id = s.product_id)
    `);

    expect(await product.query(sql`select sum(sold)::int as units from stock`)).toEqual([ordered]);
    expect(wrong).toEqual([]);
  });

  it('orders what exists, by customers who exist', async () => {
    const products = await product.query<{ id: string }>(sql`select id from products`);
    const users = await user.query<{ id: string }>(sql`select id from accounts`);

    expect(
      await order.query(
        sql`select l.product_id from order_lines l where l.product_id <> all(${products.map(({ id }) => id)}::uuid[]) limit 1`,
      ),
    ).toEqual([]);
    expect(
      await order.query(sql`select o.user_id from orders o where o.user_id <> all(${users.map(({ id }) => id)}::uuid[]) limit 1`),
    ).toEqual([]);
  });

  it('is the same every time', async () => {
    const sum = sql`select md5(string_agg(o::text, '' order by o.id)) as sum from orders o`;

    await load(twin.ownerUrl, size, orderFilling(size), { advance: () => undefined });

    expect(await twin.query(sum)).toEqual(await order.query(sum));
  });

  it('is not filled in twice', async () => {
    await expect(fillDatabases(urlOf, size, silent)).rejects.toThrow('was filled before');
  });

  it('tells its size', async () => {
    const { bytes, bytesPerOrder } = await volumeOf(urlOf, size);

    expect(Math.min(...Object.values(bytes))).toBeGreaterThan(1_000_000);
    expect(bytesPerOrder).toBeGreaterThan(1_000);
  });
});
