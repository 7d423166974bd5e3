import { eventsMigrations } from '@emporium/events';
import { idempotencyMigrations } from '@emporium/idempotency';

/** Tables of the libraries first, then the service's own. */
export const migrations = [
  eventsMigrations,
  idempotencyMigrations,
  { name: 'order', directory: new URL('../migrations', import.meta.url) },
];
