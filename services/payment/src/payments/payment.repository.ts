import { money } from '@emporium/money';
import { empty, type Postgres, type Queryable, type Sql, sql, type Transaction } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import type { Payment, PaymentStatus } from './payment.ts';

interface PaymentRow {
  id: string;
  order_id: string;
  user_id: string | null;
  payment_method: string | null;
  amount_minor: string;
  currency: string;
  status: PaymentStatus;
  cancel_requested_at: Date | null;
  charged_minor: string;
  refunding_minor: string;
  refunded_minor: string;
  provider_reference: string | null;
  decline_reason: string | null;
  created_at: Date;
}

/** What is written if and only if the payment was settled: each reads from the row it is given, in a FROM clause. */
interface WithNews {
  readonly event: (row: Sql) => Sql;
  /** Members of a WITH clause. */
  readonly booking?: (row: Sql) => Sql;
}

const columns = sql`id, order_id, user_id, payment_method, amount_minor, currency, status, cancel_requested_at,
  charged_minor, refunding_minor, refunded_minor, provider_reference, decline_reason, created_at`;

@Injectable()
export class PaymentRepository {
  /** Returns whether the order had no payment before. */
  async insert(tx: Transaction, payment: Payment): Promise<boolean> {
    const inserted = await tx.execute(sql`
      insert into payments (id, order_id, user_id, payment_method, amount_minor, currency, status, cancel_requested_at, created_at, updated_at)
      values (${payment.id}, ${payment.orderId}, ${payment.userId}, ${payment.paymentMethod}, ${payment.amount.amount},
              ${payment.amount.currency}, ${payment.status}, ${payment.cancelRequestedAt}, ${payment.createdAt}, ${payment.createdAt})
      on conflict (order_id) do nothing
    `);
    return inserted === 1;
  }

  /** As `insert`, with the right to ask the provider: one statement, and so a transaction by itself. */
  async open(db: Postgres, payment: Payment, leaseMs: number): Promise<boolean> {
    const inserted = await db.execute(sql`
      insert into payments (id, order_id, user_id, payment_method, amount_minor, currency, status, attempt_until, created_at, updated_at)
      values (${payment.id}, ${payment.orderId}, ${payment.userId}, ${payment.paymentMethod}, ${payment.amount.amount},
              ${payment.amount.currency}, ${payment.status}, now() + ${leaseMs}::int8 * interval '1 millisecond',
              ${payment.createdAt}, ${payment.createdAt})
      on conflict (order_id) do nothing
    `);
    return inserted === 1;
  }

  /**
   * The first news of a payment that nobody fenced, with all that goes with it, in one statement. False, and nothing is written,
   * when the payment is not as it was.
   */
  async settle(db: Postgres, payment: Payment, { event, booking }: WithNews): Promise<boolean> {
    const settled = sql`settled`;
    const [row] = await db.query<{ settled: boolean }>(sql`
      with settled as (
        update payments
           set status = ${payment.status}, charged_minor = ${payment.charged.amount}, provider_reference = ${payment.providerReference},
               decline_reason = ${payment.declineReason}, attempt_until = null, version = version + 1, updated_at = now()
         where id = ${payment.id} and status = 'pending' and cancel_requested_at is null
        returning id
      ), event as (${event(settled)})${booking === undefined ? empty : sql`, ${booking(settled)}`}
      select exists (select from settled) as settled
    `);
    return row?.settled ?? false;
  }

  async findByOrder(db: Queryable, orderId: string): Promise<Payment | undefined> {
    const [row] = await db.query<PaymentRow>(sql`select ${columns} from payments where order_id = ${orderId}`);
    return row && toPayment(row);
  }

  /** The row stays locked until the transaction ends: outcome, fence and refunds of one order come one after the other. */
  async lockByOrder(tx: Transaction, orderId: string): Promise<Payment | undefined> {
    const [row] = await tx.query<PaymentRow>(sql`select ${columns} from payments where order_id = ${orderId} for update`);
    return row && toPayment(row);
  }

  /** Charge, fence and outcome; what refunds count is theirs. */
  async save(tx: Transaction, payment: Payment): Promise<void> {
    await tx.execute(sql`
      update payments
         set status = ${payment.status}, cancel_requested_at = ${payment.cancelRequestedAt}, charged_minor = ${payment.charged.amount},
             provider_reference = ${payment.providerReference}, decline_reason = ${payment.declineReason},
             attempt_until = case when ${payment.status} = 'pending' then attempt_until end,
             version = version + 1, updated_at = now()
       where id = ${payment.id}
    `);
  }

  /** Takes the right to ask the provider; false while another attempt holds it. */
  async claimAttempt(tx: Transaction, id: string, leaseMs: number): Promise<boolean> {
    const claimed = await tx.execute(sql`
      update payments set attempt_until = now() + ${leaseMs}::int8 * interval '1 millisecond'
       where id = ${id} and status = 'pending' and (attempt_until is null or attempt_until <= now())
    `);
    return claimed === 1;
  }

  /** Orders of at most `limit` attempts whose end nobody wrote down. Each is handed out once, however many ask. */
  async takeOverdue(tx: Transaction, limit: number): Promise<string[]> {
    const rows = await tx.query<{ order_id: string }>(sql`
      with overdue as materialized (
        select id from payments
         where status = 'pending' and attempt_until <= now()
         order by attempt_until
         limit ${limit}
           for no key update skip locked
      )
      update payments p set attempt_until = null from overdue where p.id = overdue.id returning p.order_id
    `);
    return rows.map((row) => row.order_id);
  }

  async endAttempt(tx: Transaction, id: string): Promise<void> {
    await tx.execute(sql`update payments set attempt_until = null where id = ${id}`);
  }

  /** Newest first. */
  async list(
    db: Queryable,
    { orderId, limit, before }: { orderId?: string | undefined; limit: number; before?: { at: Date; id: string } | undefined },
  ): Promise<Payment[]> {
    const rows = await db.query<PaymentRow>(sql`
      select ${columns} from payments
       where true
         ${orderId === undefined ? empty : sql`and order_id = ${orderId}`}
         ${before === undefined ? empty : sql`and (created_at, id) < (${before.at}, ${before.id}::uuid)`}
       order by created_at desc, id desc
       limit ${limit}
    `);
    return rows.map(toPayment);
  }
}

const toPayment = (row: PaymentRow): Payment => ({
  id: row.id,
  orderId: row.order_id,
  userId: row.user_id,
  paymentMethod: row.payment_method,
  amount: money(Number(row.amount_minor), row.currency),
  status: row.status,
  cancelRequestedAt: row.cancel_requested_at,
  charged: money(Number(row.charged_minor), row.currency),
  refunding: money(Number(row.refunding_minor), row.currency),
  refunded: money(Number(row.refunded_minor), row.currency),
  providerReference: row.provider_reference,
  declineReason: row.decline_reason,
  createdAt: row.created_at,
});
