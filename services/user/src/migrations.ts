import { idempotencyMigrations } from '@emporium/idempotency';

/** In this order: the tables of the libraries, then our own. */
export const migrations = [idempotencyMigrations, { name: 'user', directory: new URL('../migrations', import.meta.url) }];
