import { money } from '@emporium/money';
import { type Queryable, sql } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import type { BookedPayment, OrderBooks } from './comparison.ts';

interface BooksRow {
  order_id: string;
  payment: {
    id: string;
    status: BookedPayment['status'];
    fenced: boolean;
    attempted: boolean;
    amount: number;
    currency: string;
    charged: number;
    refunded: number;
    reference: string | null;
    updated_at: string;
  } | null;
  refunds: { id: string; amount: number; status: OrderBooks['refunds'][number]['status']; reference: string | null }[];
  lines: {
    kind: 'charge' | 'refund';
    reference: string;
    refund_id: string | null;
    charge_reference: string | null;
    amount: number;
    currency: string;
    status: OrderBooks['charges'][number]['status'];
    created_at: string;
  }[];
  clearing: string;
}

/** Where a walk over orders goes on. */
export interface Position {
  readonly at: Date;
  readonly id: string;
}

export interface Window {
  readonly since: Date;
  /** Exclusive. */
  readonly until: Date;
}

/** An order, and where a walk goes on after it. */
export interface Step {
  readonly orderId: string;
  readonly position: Position;
}

interface StepRow {
  order_id: string;
  at: Date;
  id: string;
}

/** Both sides of the money of many orders. Reads only. */
@Injectable()
export class BooksRepository {
  /** One statement, so that all of it is of one moment. An order that is known nowhere has empty books. */
  async of(db: Queryable, orderIds: readonly string[]): Promise<Omit<OrderBooks, 'paymentJob' | 'refundJobs'>[]> {
    const rows = await db.query<BooksRow>(sql`
      select o.order_id,
             (select jsonb_build_object('id', p.id, 'status', p.status, 'fenced', p.cancel_requested_at is not null,
                                        'attempted', p.attempt_until is not null,
                                        'amount', p.amount_minor, 'currency', p.currency, 'charged', p.charged_minor,
                                        'refunded', p.refunded_minor, 'reference', p.provider_reference, 'updated_at', p.updated_at)
                from payments p where p.order_id = o.order_id) as payment,
             coalesce((select jsonb_agg(jsonb_build_object('id', r.id, 'amount', r.amount_minor, 'status', r.status,
                                                           'reference', r.provider_reference) order by r.created_at, r.id)
                         from payments p join refunds r on r.payment_id = p.id where p.order_id = o.order_id), '[]') as refunds,
             coalesce((select jsonb_agg(jsonb_build_object('kind', s.kind, 'reference', s.reference, 'refund_id', s.refund_id,
                                                           'charge_reference', s.charge_reference, 'amount', s.amount_minor,
                                                           'currency', s.currency, 'status', s.status, 'created_at', s.created_at)
                                        order by s.created_at, s.reference)
                         from provider_statement s where s.order_id = o.order_id), '[]') as lines,
             coalesce((select sum(e.amount_minor) filter (where e.account = 'provider_clearing')
                         from ledger_transactions t join ledger_entries e on e.transaction_id = t.id
                        where t.order_id = o.order_id), 0) as clearing
        from unnest(${orderIds}::uuid[]) as o (order_id)
    `);
    return rows.map(toBooks);
  }

  /** Orders whose payment changed, in the order it did. */
  payments(db: Queryable, { since, until }: Window, limit: number, after?: Position): Promise<Step[]> {
    const from = after ?? { at: since, id: firstId };
    return this.walk(
      db,
      sql`
        select p.order_id, p.updated_at as at, p.id::text as id
          from payments p
         where p.updated_at < ${until} and (p.updated_at, p.id) > (${from.at}, ${from.id}::uuid)
         order by p.updated_at, p.id
         limit ${limit}
      `,
    );
  }

  /** Orders whose money the provider says it moved, by its clock. */
  statement(db: Queryable, { since, until }: Window, limit: number, after?: Position): Promise<Step[]> {
    const from = after ?? { at: since, id: '' };
    return this.walk(
      db,
      sql`
        select s.order_id, s.created_at as at, s.reference as id
          from provider_statement s
         where s.created_at < ${until} and (s.created_at, s.reference) > (${from.at}, ${from.id})
         order by s.created_at, s.reference
         limit ${limit}
      `,
    );
  }

  /** Orders with a payment, a refund or a line of the statement whose outcome is open, whenever it began; by id. */
  async open(db: Queryable, limit: number, after: string = firstId): Promise<string[]> {
    const rows = await db.query<{ order_id: string }>(sql`
      select distinct o.order_id
        from (select p.order_id from payments p where p.status = 'pending'
              union all
              select p.order_id from refunds r join payments p on p.id = r.payment_id where r.status = 'pending'
              union all
              select s.order_id from provider_statement s where s.status = 'pending') o
       where o.order_id > ${after}::uuid
       order by o.order_id
       limit ${limit}
    `);
    return rows.map((row) => row.order_id);
  }

  private async walk(db: Queryable, statement: Parameters<Queryable['query']>[0]): Promise<Step[]> {
    const rows = await db.query<StepRow>(statement);
    return rows.map((row) => ({ orderId: row.order_id, position: { at: row.at, id: row.id } }));
  }
}

/** Before every id that was ever given. */
const firstId = '00000000-0000-0000-0000-000000000000';

const toBooks = ({ order_id: orderId, payment, refunds, lines, clearing }: BooksRow) => ({
  orderId,
  payment: payment === null ? undefined : toPayment(orderId, payment),
  refunds: refunds.map(({ amount, ...refund }) => ({ ...refund, amount: money(amount, payment?.currency ?? '') })),
  charges: lines.filter(({ kind }) => kind === 'charge').map(toLine),
  givenBack: lines
    .filter(({ kind }) => kind === 'refund')
    .map((line) => ({ ...toLine(line), refundId: line.refund_id, chargeReference: line.charge_reference ?? '' })),
  clearing: Number(clearing),
});

const toPayment = (orderId: string, payment: NonNullable<BooksRow['payment']>): BookedPayment => ({
  id: payment.id,
  orderId,
  status: payment.status,
  fenced: payment.fenced,
  attempted: payment.attempted,
  amount: money(payment.amount, payment.currency),
  charged: money(payment.charged, payment.currency),
  refunded: money(payment.refunded, payment.currency),
  reference: payment.reference,
  updatedAt: new Date(payment.updated_at),
});

const toLine = ({ reference, amount, currency, status, created_at }: BooksRow['lines'][number]) => ({
  reference,
  amount: money(amount, currency),
  status,
  createdAt: new Date(created_at),
});
