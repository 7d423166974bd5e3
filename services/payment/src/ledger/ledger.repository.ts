import { randomUUID } from 'node:crypto';
import { money } from '@emporium/money';
import { empty, type Queryable, type Sql, sql, type Transaction } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import type { Account, Balance, LedgerEntry, LedgerReason, LedgerTransaction } from './ledger.ts';

interface EntryRow {
  id: string;
  position: string;
  account: Account;
  amount_minor: string;
  currency: string;
  order_id: string;
  payment_id: string;
  reason: LedgerReason;
  at: Date;
}

interface BalanceRow {
  account: string;
  currency: string;
  balance: string;
}

@Injectable()
export class LedgerRepository {
  async insert(tx: Transaction, transaction: LedgerTransaction): Promise<void> {
    await tx.execute(sql`with ${this.insertion(transaction, sql`(select) always`)} select`);
  }

  /** The same as parts of a larger statement's WITH clause, if `source`, which stands in a FROM clause, has a row. */
  insertion(transaction: LedgerTransaction, source: Sql): Sql {
    const id = randomUUID();
    const postings = transaction.postings.map(({ account, amount }) => ({ id: randomUUID(), account, ...amount }));
    return sql`ledger_transaction as (
        insert into ledger_transactions (id, payment_id, order_id, reason, source_id)
        select ${id}, ${transaction.paymentId}, ${transaction.orderId}, ${transaction.reason}, ${transaction.sourceId}
          from ${source}
      ), ledger_entry as (
        insert into ledger_entries (id, transaction_id, account, amount_minor, currency)
        select posting.id, ${id}, posting.account, posting.amount, posting.currency
          from ${source},
               jsonb_to_recordset(${JSON.stringify(postings)}) as posting (id uuid, account text, amount int8, currency text)
      )`;
  }

  /** Newest first. */
  async list(
    db: Queryable,
    { orderId, limit, before }: { orderId?: string | undefined; limit: number; before?: string | undefined },
  ): Promise<LedgerEntry[]> {
    const rows = await db.query<EntryRow>(sql`
      select e.id, e.position, e.account, e.amount_minor, e.currency, t.order_id, t.payment_id, t.reason, t.at
        from ledger_entries e
        join ledger_transactions t on t.id = e.transaction_id
       where true
         ${orderId === undefined ? empty : sql`and t.order_id = ${orderId}`}
         ${before === undefined ? empty : sql`and e.position < ${before}::int8`}
       order by e.position desc
       limit ${limit}
    `);
    return rows.map(toEntry);
  }

  async balances(db: Queryable): Promise<Balance[]> {
    const rows = await db.query<BalanceRow>(sql`
      select account, currency, sum(amount_minor) as balance
        from ledger_entries
       group by account, currency
       order by account, currency
    `);
    return rows.map((row) => ({ account: row.account, currency: row.currency, balance: Number(row.balance) }));
  }
}

const toEntry = (row: EntryRow): LedgerEntry => ({
  id: row.id,
  position: row.position,
  account: row.account,
  amount: money(Number(row.amount_minor), row.currency),
  orderId: row.order_id,
  paymentId: row.payment_id,
  reason: row.reason,
  at: row.at,
});
