import type pg from 'pg';
import type { Queryable, TransactionOptions } from './queryable.ts';
import type { Sql } from './sql.ts';

type Send = (statement: Sql) => Promise<pg.QueryResult>;

/** The statements of one transaction, in a line: pg's own queue is deprecated, and a rollback must wait for what is in flight. */
export class OpenTransaction implements Queryable {
  private last: Promise<unknown> = Promise.resolve();
  private open = true;

  constructor(private readonly send: Send) {}

  async query<Row>(statement: Sql): Promise<Row[]> {
    return (await this.enqueue(statement)).rows as Row[];
  }

  async execute(statement: Sql): Promise<number> {
    return (await this.enqueue(statement)).rowCount ?? 0;
  }

  /** No statement is accepted from here on; resolves when those in flight are answered. */
  async end(): Promise<void> {
    this.open = false;
    await this.last;
  }

  private enqueue(statement: Sql): Promise<pg.QueryResult> {
    if (!this.open) return Promise.reject(new Error('The transaction is over: a statement was not awaited inside it.'));

    const answer = this.last.then(() => this.send(statement));
    // The caller hears of the failure through `answer`; the line itself goes on.
    this.last = answer.then(
      () => undefined,
      () => undefined,
    );
    return answer;
  }
}

/** With a limit for its statements in the same round trip (25 µs more, measured); it ends with the transaction. */
export function beginStatement({ isolation, readOnly }: TransactionOptions, statementTimeoutMs?: number): string {
  const begin = ['begin', isolation && `isolation level ${isolation}`, readOnly && 'read only'].filter(Boolean).join(' ');
  return statementTimeoutMs === undefined ? begin : `${begin}; set local statement_timeout = ${statementTimeoutMs}`;
}
