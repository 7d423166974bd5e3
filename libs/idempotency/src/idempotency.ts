import { AppError } from '@emporium/errors';
import { type Postgres, type Queryable, sql } from '@emporium/postgres';
import { inProgress, keyReused } from './idempotency.errors.ts';

/** An HTTP answer as it is stored: JSON only. */
export interface StoredAnswer {
  status: number;
  body: unknown;
}

export interface ClaimOptions {
  /** How long the doer may be silent before someone else may take over, in milliseconds. */
  leaseMs: number;
  /** What the work makes, so that whoever takes over finds it. */
  resourceId?: string;
}

export type Finding =
  | { kind: 'new' }
  | ({ kind: 'done' } & StoredAnswer)
  /** Started, and the lease is over: the doer died, and what it did is unknown. */
  | { kind: 'stale'; resourceId: string | undefined };

interface KeyRow {
  fingerprint: string;
  status: 'started' | 'done';
  leased: boolean;
  resource_id: string | null;
  response_status: number | null;
  response_body: unknown;
}

/**
 * The same key gives the same answer: the work behind a key is done once, and repeated requests get its stored answer for 72 hours.
 * Does not make the work itself atomic: claim the key in the transaction that starts the work, or use `run` for work that can be repeated.
 */
export class Idempotency {
  constructor(private readonly postgres: Postgres) {}

  /** Raises 'in-progress' (409) while someone works on the key and 'idempotency-key-reused' (422) when it belongs to another request. */
  async find(db: Queryable, scope: string, key: string, fingerprint: string): Promise<Finding> {
    const [row] = await db.query<KeyRow>(sql`
      select k.fingerprint, k.status, k.locked_until > clock_timestamp() as leased, k.resource_id, k.response_status, k.response_body
        from idempotency_keys k
       where k.scope = ${scope} and k.key = ${key} and k.expires_at > clock_timestamp()
    `);
    if (row === undefined) return { kind: 'new' };
    if (row.fingerprint !== fingerprint) throw keyReused();
    if (row.status === 'done') return { kind: 'done', status: row.response_status ?? 200, body: row.response_body };
    if (row.leased) throw inProgress();
    return { kind: 'stale', resourceId: row.resource_id ?? undefined };
  }

  /** Whether this caller is the first with the key; an expired key counts as never used. The loser answers 'in-progress'. */
  async claim(
    tx: Queryable,
    scope: string,
    key: string,
    fingerprint: string,
    { leaseMs, resourceId }: ClaimOptions,
  ): Promise<boolean> {
    const claimed = await tx.execute(sql`
      insert into idempotency_keys as k (scope, key, fingerprint, status, resource_id, locked_until)
      values (${scope}, ${key}, ${fingerprint}, 'started', ${resourceId ?? null}::uuid, ${leaseEnd(leaseMs)})
          on conflict (scope, key) do update
             set fingerprint = excluded.fingerprint, status = 'started', resource_id = excluded.resource_id,
                 locked_until = excluded.locked_until, response_status = null, response_body = null,
                 created_at = excluded.created_at, expires_at = excluded.expires_at
           where k.expires_at <= clock_timestamp()
    `);
    return claimed === 1;
  }

  /** Takes over a stale key; exactly one of those who try at once succeeds. */
  async reclaim(
    tx: Queryable,
    scope: string,
    key: string,
    fingerprint: string,
    { leaseMs, resourceId }: ClaimOptions,
  ): Promise<boolean> {
    const reclaimed = await tx.execute(sql`
      update idempotency_keys
         set locked_until = ${leaseEnd(leaseMs)}, resource_id = coalesce(${resourceId ?? null}::uuid, resource_id)
       where scope = ${scope} and key = ${key} and fingerprint = ${fingerprint}
         and status = 'started' and locked_until <= clock_timestamp()
    `);
    return reclaimed === 1;
  }

  /** Stores the answer. The first one stays: a doer that was believed dead cannot change what others were told. */
  async complete(db: Queryable, scope: string, key: string, { status, body }: StoredAnswer): Promise<void> {
    await db.execute(sql`
      update idempotency_keys
         set status = 'done', response_status = ${status}, response_body = ${JSON.stringify(body ?? null)}::jsonb
       where scope = ${scope} and key = ${key} and status = 'started'
    `);
  }

  /** The work is known to have had no effect: the key may be used again. */
  async release(db: Queryable, scope: string, key: string): Promise<void> {
    await db.execute(sql`delete from idempotency_keys where scope = ${scope} and key = ${key} and status = 'started'`);
  }

  /** Forgets keys older than 72 hours; returns how many. */
  async purge(db: Queryable): Promise<number> {
    return db.execute(sql`delete from idempotency_keys where expires_at <= clock_timestamp()`);
  }

  /** Placeholder for the simple form. */
  async run(
    scope: string,
    key: string,
    fingerprint: string,
    work: () => Promise<StoredAnswer>,
    { leaseMs }: Pick<ClaimOptions, 'leaseMs'>,
  ): Promise<StoredAnswer & { replayed: boolean }> {
    const found = await this.find(this.postgres, scope, key, fingerprint);
    if (found.kind === 'done') return { status: found.status, body: found.body, replayed: true };

    const take = found.kind === 'stale' ? this.reclaim : this.claim;
    if (!(await take.call(this, this.postgres, scope, key, fingerprint, { leaseMs }))) throw inProgress();
    return this.doOnce(scope, key, work);
  }

  private async doOnce(
    scope: string,
    key: string,
    work: () => Promise<StoredAnswer>,
  ): Promise<StoredAnswer & { replayed: boolean }> {
    try {
      const answer = await work();
      await this.complete(this.postgres, scope, key, answer);
      return { ...answer, replayed: false };
    } catch (error) {
      if (error instanceof AppError) await this.release(this.postgres, scope, key);
      throw error;
    }
  }
}

const leaseEnd = (leaseMs: number) => sql`clock_timestamp() + ${leaseMs}::int8 * interval '1 millisecond'`;
