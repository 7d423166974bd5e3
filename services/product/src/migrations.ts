import { eventsMigrations } from '@emporium/events';
import { idempotencyMigrations } from '@emporium/idempotency';

/** In this order: the tables of the libraries, then our own. */
export const migrations = [
  eventsMigrations,
  idempotencyMigrations,
  { name: 'product', directory: new URL('../migrations', import.meta.url) },
];
