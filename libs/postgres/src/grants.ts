import type pg from 'pg';

/**
 * The application's role reads and writes rows and nothing else. Bookkeeping of migrations it may read, to wait for them, and not write.
 * Default privileges cover tables made later by the same owner.
 */
export async function grantTo(client: pg.Client, role: string): Promise<void> {
  const grantee = client.escapeIdentifier(role);
  await client.query(`
    grant usage on schema public to ${grantee};
    grant select, insert, update, delete on all tables in schema public to ${grantee};
    grant usage, select on all sequences in schema public to ${grantee};
    alter default privileges in schema public grant select, insert, update, delete on tables to ${grantee};
    alter default privileges in schema public grant usage, select on sequences to ${grantee};
  `);
  for (const table of await bookkeepingTables(client)) {
    await client.query(`revoke all on ${client.escapeIdentifier(table)} from ${grantee}`);
    await client.query(`grant select on ${client.escapeIdentifier(table)} to ${grantee}`);
  }
}

async function bookkeepingTables(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(`
    select tablename as name from pg_tables where schemaname = 'public' and tablename ~ '^migrations_[a-z0-9_]+$'
  `);
  return rows.map(({ name }) => name);
}
