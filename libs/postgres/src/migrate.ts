import { fileURLToPath } from 'node:url';
import type { Logger } from '@emporium/telemetry';
import { runner } from 'node-pg-migrate';
import type pg from 'pg';
import { grantTo } from './grants.ts';
import { exclusively } from './owner-session.ts';

/** The migrations of one owner of tables: a library or a service. Files are `0001_orders.sql` with `-- Up Migration` and `-- Down Migration`. */
export interface MigrationSet {
  /** Lower case, digits and underscores; names the bookkeeping table `migrations_<name>`. */
  name: string;
  directory: URL | string;
}

export interface MigrateOptions {
  /** Connection of the role that owns the schema. */
  url: string;
  /** Applied in this order, taken back in the reverse order. */
  migrations: readonly MigrationSet[];
  direction: 'up' | 'down';
  /** Files per set. Default: all when going up, one when going down. */
  count?: number;
  /** After going up: may read and write the owner's tables, but run no DDL. */
  appRole?: string;
  logger?: Logger;
}

/**
 * Brings a database to the newest version, or takes the last steps back, and returns the names of the files run.
 * Processes that migrate at once wait for each other. Each set is one transaction: all of its pending files or none.
 * A statement that waits more than 5 s for a lock fails, because a waiting DDL statement stops all traffic behind it.
 */
export async function migrate(options: MigrateOptions): Promise<string[]> {
  const sets = options.direction === 'up' ? options.migrations : [...options.migrations].reverse();
  return exclusively(options.url, async (client) => {
    await client.query(`set lock_timeout = '5s'`);
    const names: string[] = [];
    for (const set of sets) names.push(...(await runSet(client, set, options)));
    if (options.direction === 'up' && options.appRole !== undefined) await grantTo(client, options.appRole);
    return names;
  });
}

/** Gives a role read and write access to every table of the connected owner, present and future, and takes away what it could define. */
export async function grantAppRole(options: { url: string; role: string }): Promise<void> {
  await exclusively(options.url, (client) => grantTo(client, options.role));
}

async function runSet(client: pg.Client, set: MigrationSet, { direction, count, logger }: MigrateOptions): Promise<string[]> {
  if (!/^[a-z][a-z0-9_-]*$/.test(set.name)) throw new Error(`"${set.name}" cannot name a set of migrations.`);

  const done = await runner({
    dbClient: client,
    dir: pathOf(set.directory),
    direction,
    count: count ?? (direction === 'up' ? Number.POSITIVE_INFINITY : 1),
    migrationsTable: bookkeepingTable(set),
    singleTransaction: true,
    checkOrder: true,
    noLock: true,
    logger: toMigrateLogger(set.name, logger),
  });
  return done.map(({ name }) => `${set.name}/${name}`);
}

/** Where node-pg-migrate notes what it has run of a set. */
export const bookkeepingTable = ({ name }: MigrationSet): string => `migrations_${name.replaceAll('-', '_')}`;

export function pathOf(directory: URL | string): string {
  if (directory instanceof URL) return fileURLToPath(directory);
  return directory.startsWith('file:') ? fileURLToPath(directory) : directory;
}

// node-pg-migrate tells its progress at info; what was run is in the answer, so only its warnings are worth a line.
function toMigrateLogger(set: string, logger: Logger | undefined) {
  const tell = (level: 'debug' | 'warn' | 'error') => (message: string) => void logger?.log(level, message, { migrations: set });
  return { debug: tell('debug'), info: tell('debug'), warn: tell('warn'), error: tell('error') };
}
