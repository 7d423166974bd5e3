import { randomUUID } from 'node:crypto';
import { money } from '@emporium/money';
import { sql, type Transaction } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { migrations } from '../migrations.ts';
import { LedgerRepository } from './ledger.repository.ts';
import { LedgerService } from './ledger.service.ts';
import { chargeTaken, refundGiven } from './ledger.ts';

describe('the ledger', () => {
  const db = testDatabase('ledger', { migrations });
  const ledger = new LedgerService(db, new LedgerRepository());
  const orders = Array.from({ length: 5 }, () => randomUUID());
  const of = (orderId: string) => ({ paymentId: orderId, orderId, sourceId: orderId });

  const insertHeader = (tx: Transaction, id: string) =>
    tx.execute(sql`
      insert into ledger_transactions (id, payment_id, order_id, reason, source_id)
      values (${id}, ${orders[0]}, ${orders[0]}, 'refund', ${randomUUID()})
    `);
  const insertEntry = (tx: Transaction, transactionId: string, amount: number, currency = 'EUR') =>
    tx.execute(sql`
      insert into ledger_entries (id, transaction_id, account, amount_minor, currency)
      values (${randomUUID()}, ${transactionId}, 'sales', ${amount}, ${currency})
    `);
  const unbalanced = expect.objectContaining({ constraint: 'ledger_transactions_balance' });

  beforeAll(async () => {
    for (const orderId of orders) {
      await db.transaction(async (tx) => {
        await tx.execute(sql`
          insert into payments (id, order_id, amount_minor, currency, status) values (${orderId}, ${orderId}, 1000, 'EUR', 'pending')
        `);
        await ledger.book(tx, chargeTaken(of(orderId), money(1_000, 'EUR')));
      });
    }
    await db.transaction((tx) => ledger.book(tx, refundGiven(of(orders[0] ?? ''), money(400, 'EUR'))));
  });

  it('tells what each account holds', async () => {
    expect(await ledger.balances()).toEqual([
      { account: 'provider_clearing', currency: 'EUR', balance: 4_600 },
      { account: 'refunds', currency: 'EUR', balance: 400 },
      { account: 'sales', currency: 'EUR', balance: -5_000 },
    ]);
  });

  it('is read newest first, page by page, without gaps or repeats', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await ledger.page({ limit: 5, cursor });
      seen.push(...page.entries.map((entry) => entry.id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);

    expect(seen).toHaveLength(12);
    expect(new Set(seen).size).toBe(12);
    expect((await ledger.page({ orderId: orders[0], limit: 20 })).entries.map((entry) => entry.reason)).toEqual([
      'refund',
      'refund',
      'charge',
      'charge',
    ]);
    expect((await ledger.page({ limit: 12 })).nextCursor).toBeNull();
    await expect(ledger.page({ limit: 5, cursor: 'eCd4' })).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('books nothing twice', async () => {
    const again = db.transaction((tx) => ledger.book(tx, chargeTaken(of(orders[1] ?? ''), money(1_000, 'EUR'))));

    await expect(again).rejects.toMatchObject({ constraint: 'ledger_transactions_reason_source_id_key' });
  });

  it('refuses, at commit, a transaction that does not sum to zero in every currency', async () => {
    const [lopsided, mixed, bare] = [randomUUID(), randomUUID(), randomUUID()];

    const commitLopsided = db.transaction(async (tx) => {
      await insertHeader(tx, lopsided);
      await insertEntry(tx, lopsided, 5);
    });
    const commitMixed = db.transaction(async (tx) => {
      await insertHeader(tx, mixed);
      await insertEntry(tx, mixed, 5, 'EUR');
      await insertEntry(tx, mixed, -5, 'USD');
    });

    await expect(commitLopsided).rejects.toEqual(unbalanced);
    await expect(commitMixed).rejects.toEqual(unbalanced);
    await expect(db.transaction((tx) => insertHeader(tx, bare))).rejects.toEqual(unbalanced);
  });

  it('refuses an entry added to a transaction later', async () => {
    const [row] = await db.query<{ id: string }>(sql`select id from ledger_transactions limit 1`);

    await expect(db.transaction((tx) => insertEntry(tx, row?.id ?? '', 1))).rejects.toEqual(unbalanced);
  });

  it('is never changed', async () => {
    const fixed = expect.objectContaining({ constraint: 'ledger_append_only' });

    await expect(db.execute(sql`update ledger_entries set amount_minor = 1`)).rejects.toEqual(fixed);
    await expect(db.execute(sql`delete from ledger_entries`)).rejects.toEqual(fixed);
    await expect(db.execute(sql`update ledger_transactions set reason = 'refund'`)).rejects.toEqual(fixed);
    await expect(db.define('truncate ledger_transactions cascade')).rejects.toEqual(fixed);
  });
});
