import { eventsMigrations } from '@emporium/events';
import type { MigrationSet } from '@emporium/postgres';

/** Tables of the libraries first, then those of this service. */
export const migrations: MigrationSet[] = [
  eventsMigrations,
  { name: 'product', directory: new URL('../migrations', import.meta.url) },
];
