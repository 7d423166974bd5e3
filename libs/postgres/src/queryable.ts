import type { Sql } from './sql.ts';

/** Where a read may run: the pool or an open transaction. */
export interface Queryable {
  /** Rows exactly as Postgres returns them: int8 and numeric as text, timestamptz as Date, date as text, json parsed. */
  query<Row>(statement: Sql): Promise<Row[]>;
  /** Number of rows the statement touched. */
  execute(statement: Sql): Promise<number>;
}

declare const inTransaction: unique symbol;

/**
 * An open transaction. Only `Postgres.transaction` makes one, so a method that takes it cannot be called outside one.
 * Statements are sent one after the other; it is dead once the work has returned.
 */
export interface Transaction extends Queryable {
  readonly [inTransaction]: true;
}

export type Isolation = 'read committed' | 'repeatable read' | 'serializable';

export interface TransactionOptions {
  /** Default 'read committed'. */
  isolation?: Isolation;
  readOnly?: boolean;
  /** How often the whole work is run again after a deadlock or a serialization failure. Default 3. */
  retries?: number;
}
