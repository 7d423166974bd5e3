import type { Logger } from '@emporium/telemetry';
import type { PoolConfig } from 'pg';
import pg from 'pg';

/** How to reach one database with one role. Times are milliseconds; the four time-outs are enforced by the server or the pool, never by a client-side query timer. */
export interface PostgresOptions {
  url: string;
  /** Shown in pg_stat_activity and as the `pool` label of metrics. */
  applicationName: string;
  /** Default 20. */
  max?: number;
  /** Connections kept open when idle. Default 5. */
  min?: number;
  /** Default 30,000. */
  idleTimeoutMs?: number;
  /** Wait for a free or new connection. Default 2,000. */
  connectTimeoutMs?: number;
  /** Default 3,000. */
  statementTimeoutMs?: number;
  /** Default 500. */
  lockTimeoutMs?: number;
  /** Default 5,000. */
  idleInTransactionTimeoutMs?: number;
  /** A statement slower than this is logged with its text, never its values. Default 500. */
  slowQueryMs?: number;
  /** The sessions refuse to write. Default false. */
  readOnly?: boolean;
  /** Asked with each connection before it is used; what it raises ends the connection and reaches the caller. */
  admit?: (client: pg.PoolClient) => Promise<void>;
  logger?: Logger;
}

type Optional = 'admit' | 'logger';

export type ResolvedPostgresOptions = Required<Omit<PostgresOptions, Optional>> & Pick<PostgresOptions, Optional>;

export function withDefaults(options: PostgresOptions): ResolvedPostgresOptions {
  const max = options.max ?? 20;
  return {
    ...options,
    max,
    min: Math.min(options.min ?? 5, max),
    idleTimeoutMs: options.idleTimeoutMs ?? 30_000,
    connectTimeoutMs: options.connectTimeoutMs ?? 2_000,
    statementTimeoutMs: options.statementTimeoutMs ?? 3_000,
    lockTimeoutMs: options.lockTimeoutMs ?? 500,
    idleInTransactionTimeoutMs: options.idleInTransactionTimeoutMs ?? 5_000,
    slowQueryMs: options.slowQueryMs ?? 500,
    readOnly: options.readOnly ?? false,
  };
}

const dateOid = 1082;

export function toPoolConfig(options: ResolvedPostgresOptions): PoolConfig {
  return {
    connectionString: options.url,
    application_name: options.applicationName,
    max: options.max,
    min: options.min,
    idleTimeoutMillis: options.idleTimeoutMs,
    connectionTimeoutMillis: options.connectTimeoutMs,
    statement_timeout: options.statementTimeoutMs,
    lock_timeout: options.lockTimeoutMs,
    idle_in_transaction_session_timeout: options.idleInTransactionTimeoutMs,
    keepAlive: true,
    keepAliveInitialDelayMillis: 10_000,
    ...(options.readOnly && { options: '-c default_transaction_read_only=on' }),
    types: {
      // A calendar day has no zone; pg would make it local midnight, which is the day before in UTC half the year.
      getTypeParser: (oid: number, format?: 'text' | 'binary') =>
        oid === dateOid ? (text: string) => text : pg.types.getTypeParser(oid, format),
    } as PoolConfig['types'],
  };
}
