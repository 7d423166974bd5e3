import { AppError } from '@emporium/errors';
import { type Postgres, type Queryable, type Sql, sql } from '@emporium/postgres';
import { regardlessOfDeadline } from '@emporium/telemetry';
import {
  type Claim,
  claimAttempt,
  claiming,
  completeAttempt,
  completing,
  purgeExpired,
  reclaimAttempt,
  releaseAttempt,
  type StoredAnswer,
} from './attempts.ts';
import { inProgress, keyReused } from './idempotency.errors.ts';

/** Rows one statement of `purge` deletes: far below the statement time-out, and no long lock. */
const purgeBatch = 1_000;

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

/** Somebody works on it, or has died less than a lease ago. */
export interface Started {
  kind: 'started';
  resourceId: string | undefined;
}

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
    const found = await this.look(db, scope, key, fingerprint);
    if (found.kind === 'started') throw inProgress();
    return found;
  }

  /** As `find`, for callers who know more of the resource than the key does: says what is being worked on instead of raising 'in-progress'. */
  async look(db: Queryable, scope: string, key: string, fingerprint: string): Promise<Finding | Started> {
    const [row] = await db.query<KeyRow>(sql`
      select k.fingerprint, k.status, k.locked_until > clock_timestamp() as leased, k.resource_id, k.response_status, k.response_body
        from idempotency_keys k
       where k.scope = ${scope} and k.key = ${key} and k.expires_at > clock_timestamp()
    `);
    if (row === undefined) return { kind: 'new' };
    if (row.fingerprint !== fingerprint) throw keyReused();
    if (row.status === 'done') return { kind: 'done', status: row.response_status ?? 200, body: row.response_body };
    return { kind: row.leased ? 'started' : 'stale', resourceId: row.resource_id ?? undefined };
  }

  /** Whether this caller is the first with the key; an expired key counts as never used. The loser answers 'in-progress'. */
  async claim(tx: Queryable, scope: string, key: string, fingerprint: string, options: ClaimOptions): Promise<boolean> {
    return (await claimAttempt(tx, { scope, key, fingerprint, ...options })) !== undefined;
  }

  /** `claim` as a part of the statement that writes what the key stands for: it has one row for the first caller, and none for others. */
  claiming(scope: string, key: string, fingerprint: string, options: ClaimOptions): Sql {
    return claiming({ scope, key, fingerprint, ...options });
  }

  /** `complete` as a part of the statement that makes the answer true, if `source`, which stands in a FROM clause, has a row. One row: it is stored. */
  completing(scope: string, key: string, answer: StoredAnswer, source: Sql): Sql {
    return completing({ scope, key }, answer, source);
  }

  /** Takes over a stale key; exactly one of those who try at once succeeds. */
  async reclaim(tx: Queryable, scope: string, key: string, fingerprint: string, options: ClaimOptions): Promise<boolean> {
    return (await reclaimAttempt(tx, { scope, key, fingerprint, ...options })) !== undefined;
  }

  /** Stores the answer and returns true; false when there is one already, which stays: others may have been told. */
  async complete(db: Queryable, scope: string, key: string, answer: StoredAnswer): Promise<boolean> {
    return completeAttempt(db, { scope, key }, answer);
  }

  /** The work is known to have had no effect: the key may be used again. */
  async release(db: Queryable, scope: string, key: string): Promise<void> {
    await releaseAttempt(db, { scope, key });
  }

  /** Forgets keys older than 72 hours, a thousand at a time; returns how many. */
  async purge(db: Queryable): Promise<number> {
    let purged = 0;
    for (let batch = purgeBatch; batch === purgeBatch; purged += batch) batch = await purgeExpired(db, purgeBatch);
    return purged;
  }

  /**
   * The simple form: claim, work, store. Whatever the work returns is the answer for good, so map lasting refusals to an answer inside it.
   * An AppError says that nothing was done: the key is free again. Any other error leaves the outcome open: the key is taken over after the
   * lease, and the work runs again. The work must bear that, and should end well within the lease.
   */
  async run(
    scope: string,
    key: string,
    fingerprint: string,
    work: () => Promise<StoredAnswer>,
    { leaseMs }: Pick<ClaimOptions, 'leaseMs'>,
  ): Promise<StoredAnswer & { replayed: boolean }> {
    const found = await this.find(this.postgres, scope, key, fingerprint);
    if (found.kind === 'done') return { status: found.status, body: found.body, replayed: true };

    const take = found.kind === 'stale' ? reclaimAttempt : claimAttempt;
    const attempt = await take(this.postgres, { scope, key, fingerprint, leaseMs });
    // Lost the race: by now the winner may have answered, or the key may turn out to belong to another request.
    if (attempt === undefined) return this.replay(scope, key, fingerprint);
    return this.answer({ scope, key, attempt }, fingerprint, work);
  }

  private async answer(
    claim: Claim,
    fingerprint: string,
    work: () => Promise<StoredAnswer>,
  ): Promise<StoredAnswer & { replayed: boolean }> {
    let answer: StoredAnswer;
    try {
      answer = await work();
    } catch (error) {
      // If this fails too, the end of the lease frees the key; the caller must hear of the first failure.
      if (error instanceof AppError)
        await regardlessOfDeadline(() => releaseAttempt(this.postgres, claim).catch(() => undefined));
      throw error;
    }
    if (await regardlessOfDeadline(() => completeAttempt(this.postgres, claim, answer))) return { ...answer, replayed: false };
    // The lease was over and another did the work: everyone gets the one stored answer.
    return this.replay(claim.scope, claim.key, fingerprint);
  }

  private async replay(scope: string, key: string, fingerprint: string): Promise<StoredAnswer & { replayed: boolean }> {
    const found = await this.find(this.postgres, scope, key, fingerprint);
    if (found.kind !== 'done') throw inProgress();
    return { status: found.status, body: found.body, replayed: true };
  }
}
