import { Postgres, type Sql, type Transaction } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import { badCursor } from './ledger.errors.ts';
import { LedgerRepository } from './ledger.repository.ts';
import type { Balance, LedgerEntry, LedgerTransaction } from './ledger.ts';

/** Entries that are added up in one transaction. */
const PIECE = 50_000;

/** The books: written in the transaction that moves a payment, read by admins. */
@Injectable()
export class LedgerService {
  constructor(
    private readonly postgres: Postgres,
    private readonly ledger: LedgerRepository,
  ) {}

  book(tx: Transaction, transaction: LedgerTransaction): Promise<void> {
    return this.ledger.insert(tx, transaction);
  }

  /** `book` as parts of the statement that moves the payment. */
  booking(transaction: LedgerTransaction, source: Sql): Sql {
    return this.ledger.insertion(transaction, source);
  }

  async page(query: { orderId?: string | undefined; limit: number; cursor?: string | undefined }): Promise<{
    entries: LedgerEntry[];
    nextCursor: string | null;
  }> {
    const before = query.cursor === undefined ? undefined : toPosition(query.cursor);
    const entries = await this.ledger.list(this.postgres, { orderId: query.orderId, limit: query.limit + 1, before });
    const page = entries.slice(0, query.limit);
    const last = page.at(-1);
    return { entries: page, nextCursor: entries.length > page.length && last !== undefined ? toCursor(last.position) : null };
  }

  balances(): Promise<Balance[]> {
    return this.ledger.balances(this.postgres);
  }

  /** Brings the totals up to date, piece by piece. Several may do it at a time. */
  async total(signal: AbortSignal, pieceOf = PIECE): Promise<void> {
    const last = await this.postgres.transaction(async (tx) => {
      await this.ledger.waitForWriters(tx);
      return this.ledger.lastPosition(tx);
    });
    for (let added = pieceOf; added === pieceOf && !signal.aborted; ) {
      added = await this.postgres.transaction((tx) => this.ledger.addToTotals(tx, last, pieceOf));
    }
  }
}

const toCursor = (position: string): string => Buffer.from(position).toString('base64url');

function toPosition(cursor: string): string {
  const position = Buffer.from(cursor, 'base64url').toString('utf8');
  // 18 digits always fit an int8.
  if (!/^\d{1,18}$/.test(position)) throw badCursor();
  return position;
}
