import { type Queryable, sql } from '@emporium/postgres';

/** Which of these keys have a job that waits, runs or will be tried again. One that was given up does nothing any more. */
export async function liveJobs(db: Queryable, keys: readonly string[]): Promise<Set<string>> {
  const rows = await db.query<{ key: string }>(sql`
    select j.key
      from graphile_worker.jobs j
     where j.key = any(${keys}::text[])
       and (j.attempts < j.max_attempts or j.locked_at is not null)
  `);
  return new Set(rows.map(({ key }) => key));
}
