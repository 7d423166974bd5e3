import { readdir } from 'node:fs/promises';
import pg from 'pg';
import { bookkeepingTable, type MigrationSet, pathOf } from './migrate.ts';

const NO_SUCH_TABLE = '42P01';
const NOT_ALLOWED = '42501';

/**
 * The files of the sets that the database has not seen, in the order they would be run; none if it is as new as the files, or newer.
 * Needs no more rights than the application's role has after its first migration. Throws when the database cannot be asked.
 */
export async function pendingMigrations({
  url,
  migrations,
}: {
  url: string;
  migrations: readonly MigrationSet[];
}): Promise<string[]> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'schema',
    connectionTimeoutMillis: 5_000,
    query_timeout: 5_000,
  });
  // The query in flight fails too and carries the reason; without a listener the process would end here.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const pending: string[] = [];
    for (const set of migrations) pending.push(...(await pendingOf(client, set)));
    return pending;
  } finally {
    await client.end();
  }
}

async function pendingOf(client: pg.Client, set: MigrationSet): Promise<string[]> {
  const files = (await readdir(pathOf(set.directory))).filter((file) => file.endsWith('.sql')).toSorted();
  const done = await namesDone(client, bookkeepingTable(set));
  return files.map((file) => file.slice(0, -'.sql'.length)).flatMap((name) => (done.has(name) ? [] : [`${set.name}/${name}`]));
}

async function namesDone(client: pg.Client, table: string): Promise<Set<string>> {
  try {
    const { rows } = await client.query<{ name: string }>(`select name from ${client.escapeIdentifier(table)}`);
    return new Set(rows.map(({ name }) => name));
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (code === NO_SUCH_TABLE || code === NOT_ALLOWED) return new Set();
    throw error;
  }
}
