import { randomUUID } from 'node:crypto';
import { money } from '@emporium/money';
import { sql, type Transaction } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { migrations } from '../migrations.ts';
import { LedgerRepository } from './ledger.repository.ts';
import { LedgerService } from './ledger.service.ts';
import { chargeTaken, refundGiven, refundReversed } from './ledger.ts';

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
  const behindTheTotals = async () =>
    (await db.query(sql`select from ledger_entries where position > (select position from ledger_totals_end)`)).length;
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

  describe('in totals', () => {
    const forever = new AbortController().signal;
    const summed = async () =>
      (
        await db.query<{ account: string; balance: string }>(
          sql`select account, sum(amount_minor) as balance from ledger_entries group by account order by account`,
        )
      ).map(({ account, balance }) => ({ account, currency: 'EUR', balance: Number(balance) }));
    const reverse = (tx: Transaction, orderId: string) =>
      ledger.book(tx, { ...refundReversed({ ...of(orderId), sourceId: randomUUID() }, money(7, 'EUR')) });

    it('tells the same, in pieces of any size', async () => {
      for (const piece of [1, 3, 50]) {
        await db.transaction((tx) => reverse(tx, orders[1] ?? ''));
        await ledger.total(forever, piece);

        expect(await ledger.balances()).toEqual(await summed());
      }
      expect(await behindTheTotals()).toBe(0);
    });

    it('counts an entry that is committed after a later one was counted', async () => {
      const late = Promise.withResolvers<void>();
      const booked = Promise.withResolvers<void>();
      const slow = db.transaction(async (tx) => {
        await reverse(tx, orders[2] ?? '');
        booked.resolve();
        await late.promise;
      });
      await booked.promise;
      await db.transaction((tx) => reverse(tx, orders[3] ?? ''));

      await expect(ledger.total(forever)).rejects.toMatchObject({ code: 'database-busy' });
      late.resolve();
      await slow;
      await ledger.total(forever);

      expect(await behindTheTotals()).toBe(0);
      expect(await ledger.balances()).toEqual(await summed());
    });

    it('is never wrong while eight book and four add up', async () => {
      const racers = Array.from({ length: 8 }, async () => {
        for (let turn = 0; turn < 10; turn += 1) await db.transaction((tx) => reverse(tx, orders[4] ?? ''));
      });
      let isOver = false;
      const adders = Array.from({ length: 4 }, async () => {
        // One that finds a writer in its way comes again, as the job does.
        while (!isOver) await ledger.total(forever, 5).catch((error) => expect(error).toMatchObject({ code: 'database-busy' }));
      });
      const reader = (async () => {
        while (!isOver) expect((await ledger.balances()).reduce((sum, { balance }) => sum + balance, 0)).toBe(0);
      })();
      await Promise.all(racers);
      isOver = true;
      await Promise.all([...adders, reader]);
      await ledger.total(forever);

      expect(await behindTheTotals()).toBe(0);
      expect(await ledger.balances()).toEqual(await summed());
    });
  });

  it('is read newest first, page by page, without gaps or repeats', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await ledger.page({ limit: 5, cursor });
      seen.push(...page.entries.map((entry) => entry.id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);

    const [written] = await db.query<{ entries: number }>(sql`select count(*)::int4 as entries from ledger_entries`);
    expect(seen).toHaveLength(written?.entries ?? 0);
    expect(new Set(seen).size).toBe(written?.entries);
    expect((await ledger.page({ orderId: orders[0], limit: 20 })).entries.map((entry) => entry.reason)).toEqual([
      'refund',
      'refund',
      'charge',
      'charge',
    ]);
    expect((await ledger.page({ limit: seen.length })).nextCursor).toBeNull();
    await expect(ledger.page({ limit: 5, cursor: 'eCd4' })).rejects.toMatchObject({ kind: 'invalid' });
  });

  it('books nothing twice', async () => {
    const again = db.transaction((tx) => ledger.book(tx, chargeTaken(of(orders[1] ?? ''), money(1_000, 'EUR'))));

    await expect(again).rejects.toMatchObject({ constraint: 'ledger_transactions_reason_source_id_key' });
  });

  it('refuses, at commit, a transaction that does not sum to zero in every currency', async () => {
    const [lopsided, mixed, bare] = [randomUUID(), randomUUID(), randomUUID()];

    const commitLopsided = () =>
      db.transaction(async (tx) => {
        await insertHeader(tx, lopsided);
        await insertEntry(tx, lopsided, 5);
      });
    const commitMixed = () =>
      db.transaction(async (tx) => {
        await insertHeader(tx, mixed);
        await insertEntry(tx, mixed, 5, 'EUR');
        await insertEntry(tx, mixed, -5, 'USD');
      });

    await expect(commitLopsided()).rejects.toEqual(unbalanced);
    await expect(commitMixed()).rejects.toEqual(unbalanced);
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
