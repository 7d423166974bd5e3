import { type Queryable, type Sql, sql } from '@emporium/postgres';

/** An HTTP answer as it is stored: JSON only. */
export interface StoredAnswer {
  status: number;
  body: unknown;
}

/**
 * The key and, when known, which attempt speaks: a doer that was silent for longer than its lease has lost the key and may neither answer
 * for it nor free it.
 */
export interface Claim {
  scope: string;
  key: string;
  attempt?: number;
}

interface NewClaim {
  scope: string;
  key: string;
  fingerprint: string;
  leaseMs: number;
  resourceId?: string;
}

/** Takes the key; no row when it is taken. */
export const claiming = (claim: NewClaim): Sql => sql`
    insert into idempotency_keys as k (scope, key, fingerprint, status, resource_id, locked_until)
    values (${claim.scope}, ${claim.key}, ${claim.fingerprint}, 'started', ${claim.resourceId ?? null}::uuid, ${leaseEnd(claim.leaseMs)})
        on conflict (scope, key) do update
           set fingerprint = excluded.fingerprint, status = 'started', resource_id = excluded.resource_id, attempt = k.attempt + 1,
               locked_until = excluded.locked_until, response_status = null, response_body = null,
               created_at = excluded.created_at, expires_at = excluded.expires_at
         where k.expires_at <= clock_timestamp()
    returning k.attempt`;

/** Number of the attempt, or undefined when the key is taken. */
export async function claimAttempt(tx: Queryable, claim: NewClaim): Promise<number | undefined> {
  const [row] = await tx.query<{ attempt: number }>(claiming(claim));
  return row?.attempt;
}

/** Number of the attempt, or undefined when somebody else was quicker or the first doer has answered after all. */
export async function reclaimAttempt(tx: Queryable, claim: NewClaim): Promise<number | undefined> {
  const [row] = await tx.query<{ attempt: number }>(sql`
    update idempotency_keys
       set locked_until = ${leaseEnd(claim.leaseMs)}, attempt = attempt + 1, resource_id = coalesce(${claim.resourceId ?? null}::uuid, resource_id)
     where scope = ${claim.scope} and key = ${claim.key} and fingerprint = ${claim.fingerprint}
       and status = 'started' and locked_until <= clock_timestamp()
    returning attempt
  `);
  return row?.attempt;
}

/** Stores the answer if `source` has a row; no row when there is an answer already. */
export const completing = (claim: Claim, { status, body }: StoredAnswer, source: Sql): Sql => sql`
    update idempotency_keys k
       set status = 'done', response_status = ${status}, response_body = ${JSON.stringify(body ?? null)}::json
      from ${source}
     where k.scope = ${claim.scope} and k.key = ${claim.key} and k.status = 'started'
       and k.attempt = coalesce(${claim.attempt ?? null}::int, k.attempt)
    returning k.attempt`;

/** Whether this answer became the stored one. */
export async function completeAttempt(db: Queryable, claim: Claim, answer: StoredAnswer): Promise<boolean> {
  return (await db.execute(completing(claim, answer, sql`(select) always`))) === 1;
}

export async function releaseAttempt(db: Queryable, claim: Claim): Promise<void> {
  await db.execute(sql`
    delete from idempotency_keys
     where scope = ${claim.scope} and key = ${claim.key} and status = 'started' and attempt = coalesce(${claim.attempt ?? null}::int, attempt)
  `);
}

/** How many expired keys were deleted, at most `limit`. Those another purge is deleting are left to it. */
export async function purgeExpired(db: Queryable, limit: number): Promise<number> {
  return db.execute(sql`
    delete from idempotency_keys
     where ctid = any (array(
       select ctid from idempotency_keys where expires_at <= clock_timestamp() limit ${limit} for update skip locked
     ))
  `);
}

const leaseEnd = (leaseMs: number) => sql`clock_timestamp() + ${leaseMs}::int8 * interval '1 millisecond'`;
