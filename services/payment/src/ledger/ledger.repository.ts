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

/** Whoever books meanwhile waits as long. */
const WRITERS_WAIT_MS = 200;

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

  /** The totals and what came behind them, of one moment. */
  async balances(db: Queryable): Promise<Balance[]> {
    const rows = await db.query<BalanceRow>(sql`
      select account, currency, sum(amount_minor) as balance
        from (select account, currency, total_minor as amount_minor from ledger_totals
              union all
              select account, currency, amount_minor from ledger_entries
               where position > (select position from ledger_totals_end)) as part
       group by account, currency
       order by account, currency
    `);
    return rows.map((row) => ({ account: row.account, currency: row.currency, balance: Number(row.balance) }));
  }

  /**
   * Waits for whoever is writing, and lets nobody begin to until the transaction ends. Positions are given before the commit, so a lower one
   * may appear after a higher one. Raises AppError 'database-busy' when it takes too long.
   */
  async waitForWriters(tx: Transaction): Promise<void> {
    await tx.execute(sql`select set_config('lock_timeout', ${`${WRITERS_WAIT_MS}ms`}, true)`);
    await tx.execute(sql`lock table ledger_entries in share mode`);
  }

  async lastPosition(db: Queryable): Promise<string> {
    const [row] = await db.query<{ position: string }>(sql`select coalesce(max(position), 0) as position from ledger_entries`);
    return row?.position ?? '0';
  }

  /** Adds at most `limit` of the entries up to a position to the totals. Gives how many. */
  async addToTotals(tx: Transaction, upTo: string, limit: number): Promise<number> {
    // Waits for another who does the same: the entries are those behind what that one has added.
    const [added] = await tx.query<{ entries: number }>(sql`
      with ended as (
        select position from ledger_totals_end for update
      ), entry as (
        select position, account, currency, amount_minor from ledger_entries
         where position > (select position from ended) and position <= ${upTo}::int8
         order by position
         limit ${limit}
      ), total as (
        insert into ledger_totals (account, currency, total_minor)
        select account, currency, sum(amount_minor) from entry group by account, currency
        on conflict (account, currency) do update set total_minor = ledger_totals.total_minor + excluded.total_minor
      ), moved as (
        update ledger_totals_end set position = (select max(position) from entry) where exists (select from entry)
      )
      select count(*)::int4 as entries from entry
    `);
    return added?.entries ?? 0;
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
