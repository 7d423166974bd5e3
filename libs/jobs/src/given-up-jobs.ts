import { createHash } from 'node:crypto';
import { AppError } from '@emporium/errors';
import { type Queryable, sql, type Transaction } from '@emporium/postgres';

/** A job that failed as often as it may, kept until somebody has it run again. */
export interface GivenUpJob {
  /** A UUID made of the service and the job's number: the same for as long as the job is there. */
  id: string;
  task: string;
  key: string | null;
  attempts: number;
  /** Null when its process died in every run. */
  error: string | null;
  failedAt: Date;
}

interface GivenUpRow {
  id: string;
  task_identifier: string;
  key: string | null;
  attempts: number;
  last_error: string | null;
  failed_at: Date;
}

/** Of a job `j`. One that had a key and lost it was replaced by a later one while it ran. */
const isGivenUp = sql`j.attempts >= j.max_attempts and j.locked_at is null and (j.key is not null or j.flags -> 'keyed' is null)`;

/**
 * The jobs of one service that no worker will take any more, for its admin routes. Knows the queue's public view and functions only. A job
 * whose key was taken over by a later one while it ran is not among them, whatever became of it: the later one does its work.
 */
export class GivenUpJobs {
  private readonly idPrefix: string;

  constructor(service: string) {
    const hash = createHash('sha256').update(service).digest('hex');
    // Version 8 of RFC 9562: what the bits mean is our own business. The last group is the job's number.
    this.idPrefix = `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(12, 15)}-8${hash.slice(15, 18)}-`;
  }

  /** Latest first; after the one that failed at `at` with this id, if given. */
  async list(db: Queryable, page: { limit: number; after?: { at: Date; id: string } }): Promise<GivenUpJob[]> {
    const { at = null, id = null } = page.after ?? {};
    const rows = await db.query<GivenUpRow>(sql`
      with given_up as (
        select (${this.idPrefix} || lpad(to_hex(j.id), 12, '0'))::uuid as id, j.task_identifier, j.key, j.attempts, j.last_error,
               date_trunc('milliseconds', j.updated_at) as failed_at
          from graphile_worker.jobs j
         where ${isGivenUp}
      )
      select g.id, g.task_identifier, g.key, g.attempts, g.last_error, g.failed_at
        from given_up g
       where (${at}::timestamptz is null or (g.failed_at, g.id) < (${at}::timestamptz, ${id}::uuid))
       order by g.failed_at desc, g.id desc
       limit ${page.limit}
    `);
    return rows.map(toGivenUpJob);
  }

  async count(db: Queryable): Promise<number> {
    const [row] = await db.query<{ count: string }>(sql`
      select count(*) as count from graphile_worker.jobs j where ${isGivenUp}
    `);
    return Number(row?.count);
  }

  /** Has it run again within about a second, with all its attempts, and returns what it was. Throws AppError 'dead-letter-not-found' (404). */
  async runAgain(tx: Transaction, id: string): Promise<GivenUpJob> {
    const jobId = this.jobIdIn(id);
    if (jobId === undefined) throw notGivenUp(id);
    // The queue's own function would reset a job twice; whoever comes second here finds it waiting already.
    await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`run-again ${id}`}, 0))`);
    const [row] = await tx.query<GivenUpRow>(sql`
      select ${id}::text as id, j.task_identifier, j.key, j.attempts, j.last_error, date_trunc('milliseconds', j.updated_at) as failed_at
        from graphile_worker.jobs j
       where j.id = ${jobId}::int8 and ${isGivenUp}
    `);
    if (row === undefined) throw notGivenUp(id);
    await tx.execute(sql`select 1 from graphile_worker.reschedule_jobs(array[${jobId}::int8], run_at => now(), attempts => 0)`);
    return toGivenUpJob(row);
  }

  /** Whether an id is one of this service's jobs, there or not. */
  owns(id: string): boolean {
    return this.jobIdIn(id) !== undefined;
  }

  private jobIdIn(id: string): string | undefined {
    const [prefix, number = ''] = [id.slice(0, -12).toLowerCase(), id.slice(-12)];
    return prefix === this.idPrefix && /^[0-9a-f]{12}$/i.test(number) ? BigInt(`0x${number}`).toString() : undefined;
  }
}

const notGivenUp = (id: string) => new AppError('not-found', 'dead-letter-not-found', `There is no given-up job ${id}.`);

const toGivenUpJob = (row: GivenUpRow): GivenUpJob => ({
  id: row.id,
  task: row.task_identifier,
  key: row.key,
  attempts: row.attempts,
  error: row.last_error,
  failedAt: row.failed_at,
});
