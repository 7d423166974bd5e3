import { money } from '@emporium/money';
import { type Queryable, sql, type Transaction } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import type { Refund, RefundOrder, RefundStatus } from './refund.ts';

interface RefundRow {
  id: string;
  payment_id: string;
  order_id: string;
  charge_reference: string | null;
  amount_minor: string;
  currency: string;
  reason: string;
  status: RefundStatus;
  failure_reason: string | null;
}

const refundRows = sql`
  select r.id, r.payment_id, p.order_id, p.provider_reference as charge_reference, r.amount_minor, p.currency, r.reason, r.status,
         r.failure_reason
    from refunds r
    join payments p on p.id = r.payment_id`;

/** Refunds and the columns of a payment that count them. */
@Injectable()
export class RefundRepository {
  async find(db: Queryable, id: string): Promise<Refund | undefined> {
    const [row] = await db.query<RefundRow>(sql`${refundRows} where r.id = ${id}`);
    return row && toRefund(row);
  }

  async pendingOf(db: Queryable, orderId: string): Promise<Refund[]> {
    const rows = await db.query<RefundRow>(
      sql`${refundRows} where p.order_id = ${orderId} and r.status = 'pending' order by r.created_at, r.id`,
    );
    return rows.map(toRefund);
  }

  /** Refunds and outcomes of one order come one after the other. Returns the payment's currency; undefined when there is none. */
  async lockPayment(tx: Transaction, orderId: string): Promise<string | undefined> {
    const [row] = await tx.query<{ currency: string }>(sql`select currency from payments where order_id = ${orderId} for update`);
    return row?.currency;
  }

  /** Sets the amount aside if that much is left; the database decides between two that ask at once. Returns whether it did. */
  async reserve(tx: Transaction, order: RefundOrder): Promise<boolean> {
    const { amount, currency } = order.amount;
    const reserved = await tx.execute(sql`
      update payments
         set refunding_minor = refunding_minor + ${amount}::int8, version = version + 1, updated_at = now()
       where order_id = ${order.orderId} and currency = ${currency} and status = 'succeeded'
         and refunded_minor + refunding_minor + ${amount}::int8 <= charged_minor
    `);
    return reserved === 1;
  }

  /** Undefined when the id is taken. */
  async insert(tx: Transaction, order: RefundOrder): Promise<Refund | undefined> {
    const inserted = await tx.execute(sql`
      insert into refunds (id, payment_id, amount_minor, reason, status)
      select ${order.refundId}, p.id, ${order.amount.amount}::int8, ${order.reason}, 'pending'
        from payments p
       where p.order_id = ${order.orderId}
      on conflict (id) do nothing
    `);
    return inserted === 1 ? this.find(tx, order.refundId) : undefined;
  }

  /** pending → succeeded; a fenced payment that has given everything back is cancelled by it. Returns whether it was pending. */
  async succeed(tx: Transaction, refund: Refund, reference: string): Promise<boolean> {
    const amount = refund.amount.amount;
    const settled = await tx.execute(sql`
      update refunds set status = 'succeeded', provider_reference = ${reference}, settled_at = now()
       where id = ${refund.id} and status = 'pending'
    `);
    if (settled === 0) return false;
    await tx.execute(sql`
      update payments
         set refunding_minor = refunding_minor - ${amount}::int8, refunded_minor = refunded_minor + ${amount}::int8,
             status = case when cancel_requested_at is not null and refunded_minor + ${amount}::int8 = charged_minor
                           then 'cancelled' else status end,
             version = version + 1, updated_at = now()
       where id = ${refund.paymentId}
    `);
    return true;
  }

  /** pending → failed: the amount may be asked for again. Returns whether it was pending. */
  async refuse(tx: Transaction, refund: Refund, outcome: { reason: string; reference: string | null }): Promise<boolean> {
    const refused = await tx.execute(sql`
      update refunds set status = 'failed', failure_reason = ${outcome.reason}, provider_reference = ${outcome.reference}, settled_at = now()
       where id = ${refund.id} and status = 'pending'
    `);
    if (refused === 0) return false;
    await tx.execute(sql`
      update payments
         set refunding_minor = refunding_minor - ${refund.amount.amount}::int8, version = version + 1, updated_at = now()
       where id = ${refund.paymentId}
    `);
    return true;
  }

  /** succeeded → failed: the bank did not take what the provider had accepted. Returns whether it counted as given back. */
  async reverse(tx: Transaction, refund: Refund, reason: string): Promise<boolean> {
    const reversed = await tx.execute(sql`
      update refunds set status = 'failed', failure_reason = ${reason}, settled_at = now()
       where id = ${refund.id} and status = 'succeeded'
    `);
    if (reversed === 0) return false;
    await tx.execute(sql`
      update payments
         set refunded_minor = refunded_minor - ${refund.amount.amount}::int8, status = 'succeeded', version = version + 1, updated_at = now()
       where id = ${refund.paymentId}
    `);
    return true;
  }
}

const toRefund = (row: RefundRow): Refund => ({
  id: row.id,
  paymentId: row.payment_id,
  orderId: row.order_id,
  chargeReference: row.charge_reference ?? '',
  amount: money(Number(row.amount_minor), row.currency),
  reason: row.reason,
  status: row.status,
  failureReason: row.failure_reason,
});
