import type { OwnerSession } from '@emporium/postgres';

/**
 * graphile-worker switches row level security on, without policies, so that only the owner of its tables can use them.
 * The application's role gets a policy of its own instead of the ownership.
 */
export async function grantQueueTo(client: OwnerSession, role: string): Promise<void> {
  const grantee = client.escapeIdentifier(role);
  await client.query(`
    grant usage on schema graphile_worker to ${grantee};
    grant select, insert, update, delete on all tables in schema graphile_worker to ${grantee};
    grant usage, select on all sequences in schema graphile_worker to ${grantee};
    grant execute on all functions in schema graphile_worker to ${grantee};
    revoke insert, update, delete on graphile_worker.migrations from ${grantee};
  `);
  const policy = `${role}_works`;
  // Only where it is missing: creating a policy locks the table against every worker.
  for (const table of await tablesWithoutPolicy(client, policy)) {
    await client.query(`
      create policy ${client.escapeIdentifier(policy)} on graphile_worker.${client.escapeIdentifier(table)}
        for all to ${grantee} using (true) with check (true)
    `);
  }
}

async function tablesWithoutPolicy(client: OwnerSession, policy: string): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select t.tablename as name
       from pg_tables t
       left join pg_policies p on p.schemaname = t.schemaname and p.tablename = t.tablename and p.policyname = $1
      where t.schemaname = 'graphile_worker' and t.rowsecurity and p.policyname is null`,
    [policy],
  );
  return rows.map(({ name }) => name);
}
