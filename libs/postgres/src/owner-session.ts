import pg from 'pg';

// One arbitrary number for every process that changes the schema of a database (advisory locks are per database).
const migrationLock = 7_305_112_021;

/** The owner's connection during a migration. */
export type OwnerSession = pg.Client;

/** Runs the work on one connection while no other process changes the schema of the same database; waits for its turn. */
export async function exclusively<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'migrate',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  });
  // The statement in flight fails too and carries the reason; without a listener the process would end here.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [migrationLock]);
    return await work(client);
  } finally {
    await client.end();
  }
}
