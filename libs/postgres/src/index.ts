export { isCheckViolation, isConnectionError, isForeignKeyViolation, isRetryable, isUniqueViolation } from './errors.ts';
export { grantAppRole, type MigrateOptions, type MigrationSet, migrate } from './migrate.ts';
export { exclusively, type OwnerSession } from './owner-session.ts';
export { pendingMigrations } from './pending.ts';
export { type PoolStats, Postgres } from './postgres.ts';
export type { PostgresOptions } from './postgres-options.ts';
export type { Isolation, Queryable, Reader, ReadSource, Transaction, TransactionOptions } from './queryable.ts';
export { Replica, type ReplicaOptions } from './replica.ts';
export { bulk, empty, join, raw, Sql, sql } from './sql.ts';
