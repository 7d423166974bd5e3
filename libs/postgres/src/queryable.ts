import type { Sql } from './sql.ts';

/** What asks only for this also works on a `Replica`: a read whose answer may be a little old, and by which nothing is decided. */
export interface Reader {
  /** Rows exactly as Postgres returns them: int8 and numeric as text, timestamptz as Date, date as text, json parsed. */
  query<Row>(statement: Sql): Promise<Row[]>;
}

/** A `Postgres` or a `Replica`, for who chooses between them. */
export interface ReadSource extends Reader {
  transaction<T>(work: (tx: Reader) => Promise<T>): Promise<T>;
}

/** Where a read of what counts may run: the pool or an open transaction, never a replica. */
export interface Queryable extends Reader {
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
