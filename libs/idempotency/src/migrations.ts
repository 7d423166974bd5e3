/** Run before the migrations of a service that uses `Idempotency`. */
export const idempotencyMigrations = { name: 'idempotency', directory: new URL('../migrations', import.meta.url) };
