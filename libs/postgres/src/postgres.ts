import { setTimeout as sleep } from 'node:timers/promises';
import { runInTransaction } from '@emporium/telemetry';
import pg from 'pg';
import { connectInTime, statementLimitMs } from './deadline.ts';
import { isConnectionError, isRetryable, toAppError } from './errors.ts';
import { beginStatement, OpenTransaction } from './open-transaction.ts';
import { countPool } from './pool-metrics.ts';
import { type PostgresOptions, type ResolvedPostgresOptions, toPoolConfig, withDefaults } from './postgres-options.ts';
import type { Queryable, Transaction, TransactionOptions } from './queryable.ts';
import { Reachability } from './reachability.ts';
import { send } from './session.ts';
import { endWhenSilent } from './silent-connection.ts';
import { type Sql, sql } from './sql.ts';

/** By then the server has ended the statement and said so, if it says anything at all. */
const SILENCE_MARGIN_MS = 500;

export interface PoolStats {
  total: number;
  idle: number;
  waiting: number;
}

/**
 * One database as one role: a pool with every time-out set, prepared statements, transactions that are run again when the database asks for it.
 * Raises AppError 'database-unavailable' or 'database-busy' (503) for anything that may pass by itself, 'deadline-passed' (504) when the request
 * it is asked for is over; constraint violations come as pg raises them.
 * A database that cannot be reached costs the first caller the connect time-out and the others nothing: they are refused at once until a probe
 * finds it again. Connects at the first statement. Does not retry a statement outside a transaction, and never one whose outcome is unknown.
 */
export class Postgres implements Queryable {
  /** For graphile-worker only; statements go through `query`, `execute` and `transaction`. */
  readonly pool: pg.Pool;
  private readonly options: ResolvedPostgresOptions;
  private readonly reachability: Reachability;
  private closing: Promise<void> | undefined;

  constructor(options: PostgresOptions) {
    this.options = withDefaults(options);
    this.pool = new pg.Pool(toPoolConfig(this.options));
    const { applicationName, logger } = this.options;
    this.reachability = new Reachability(applicationName, () => this.probe(), logger);
    this.watch();
  }

  async query<Row>(statement: Sql): Promise<Row[]> {
    const { rows } = await this.withClient((client) => send(client, statement, this.options));
    return rows as Row[];
  }

  async execute(statement: Sql): Promise<number> {
    const { rowCount } = await this.withClient((client) => send(client, statement, this.options));
    return rowCount ?? 0;
  }

  /**
   * Runs the work between begin and commit. The work may run several times (deadlock, serialization failure), so it must not touch
   * anything but the transaction. A connection lost during commit leaves the outcome unknown: the caller sees 'database-unavailable'.
   */
  async transaction<T>(work: (tx: Transaction) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    const retries = options.retries ?? 3;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.withClient((client) => this.attempt(client, work, options));
      } catch (error) {
        if (attempt >= retries || !isRetryable(error)) throw error;
        // Full jitter: those who collided must not meet again.
        await sleep(Math.random() * 20 * 2 ** attempt);
      }
    }
  }

  /** One round trip; raises 'database-unavailable' when the database does not answer. */
  async ping(): Promise<void> {
    await this.execute(sql`select 1`);
  }

  stats(): PoolStats {
    return { total: this.pool.totalCount, idle: this.pool.idleCount, waiting: this.pool.waitingCount };
  }

  /** A second pool to the same database with other limits, for work that must not starve requests or be starved by them. Close it yourself. */
  sibling(overrides: Partial<Omit<PostgresOptions, 'url'>> & { applicationName: string }): Postgres {
    return new Postgres({ ...this.options, ...overrides });
  }

  /** Waits for statements in flight; may be called more than once. */
  close(): Promise<void> {
    this.reachability.stop();
    this.closing ??= this.pool.end();
    return this.closing;
  }

  private async attempt<T>(
    client: pg.PoolClient,
    work: (tx: Transaction) => Promise<T>,
    options: TransactionOptions,
  ): Promise<T> {
    await client.query(beginStatement(options, statementLimitMs(this.options.statementTimeoutMs)));
    const open = new OpenTransaction((statement) => send(client, statement, this.options));
    try {
      // The brand exists for the compiler only; nobody else can make a Transaction.
      const result = await runInTransaction(() => work(open as unknown as Transaction));
      await open.end();
      const { command } = await client.query('commit');
      // Postgres answers commit with ROLLBACK, without an error, when a failed statement was swallowed by the work.
      if (command !== 'COMMIT')
        throw new Error('The transaction was rolled back: one of its statements failed and the error was swallowed.');
      return result;
    } catch (error) {
      await open.end();
      if (!isConnectionError(error)) await client.query('rollback');
      throw error;
    }
  }

  private async withClient<T>(use: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    const { refusal } = this.reachability;
    if (refusal !== undefined) throw toAppError(refusal);
    const { admit } = this.options;
    if (admit === undefined) return this.useClient(await this.checkOut(), use);
    return this.useClient(await this.checkOut(), (client) => admit(client).then(() => use(client)));
  }

  private async useClient<T>(client: pg.PoolClient, use: (client: pg.PoolClient) => Promise<T>): Promise<T> {
    try {
      const result = await use(client);
      client.release();
      this.reachability.answered();
      return result;
    } catch (error) {
      const isUsable = leavesConnectionUsable(error);
      client.release(isUsable ? undefined : toError(error));
      if (isUsable) this.reachability.answered();
      throw toAppError(error);
    } finally {
      this.count();
    }
  }

  private async checkOut(): Promise<pg.PoolClient> {
    try {
      return await connectInTime(() => this.connect());
    } catch (error) {
      throw toAppError(error);
    }
  }

  private connect(): Promise<pg.PoolClient> {
    const pending = this.pool.connect();
    this.count();
    // Also for a caller whose time ran out before: what counts is that there was no connection.
    pending.catch((error: unknown) => {
      if (isConnectionError(error)) this.reachability.failed(error);
    });
    return pending;
  }

  /**
   * A connection has gone silent, and idle ones on the same path may be as dead without knowing it: a firewall that forgot them overnight
   * says so to nobody. They are thrown away, or each would cost somebody the same wait.
   */
  private distrust(): void {
    this.reachability.failed(new Error('Connection terminated: the database says nothing.'));
    for (let left = this.pool.idleCount; left > 0; left -= 1) {
      this.pool.connect().then(
        (client) => client.release(true),
        () => this.count(),
      );
    }
  }

  /** Past the refusal, and in nobody's time. */
  private async probe(): Promise<void> {
    await this.useClient(await this.pool.connect(), (client) => client.query('select 1'));
  }

  private watch(): void {
    const { logger, applicationName, statementTimeoutMs } = this.options;
    this.pool.on('connect', (client) => {
      endWhenSilent(client, statementTimeoutMs + SILENCE_MARGIN_MS, () => this.distrust());
      // The pool listens on idle clients only: without this a connection that dies while checked out ends the process.
      client.on('error', (error) => logger?.warn('database connection lost', { pool: applicationName, error }));
      this.count();
    });
    this.pool.on('error', () => this.count());
    this.pool.on('remove', () => this.count());
  }

  private count(): void {
    countPool(this.options.applicationName, this.pool);
  }
}

// A refused statement says nothing against its connection; anything that is not an answer of the server does.
const leavesConnectionUsable = (error: unknown) =>
  error instanceof pg.DatabaseError && !isConnectionError(error) && !isFatal(error);

const isFatal = (error: pg.DatabaseError) => error.severity === 'FATAL' || error.severity === 'PANIC';

const toError = (error: unknown) => (error instanceof Error ? error : new Error(String(error)));
