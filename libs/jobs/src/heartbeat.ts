import { type Postgres, sql } from '@emporium/postgres';
import type { Logger } from '@emporium/telemetry';

interface HeartbeatOptions {
  postgres: Postgres;
  /** Ids of the jobs that this worker runs now. */
  runningJobs: () => readonly string[];
  leaseMs: number;
  heartbeatMs: number;
  logger: Logger;
}

/**
 * Tells the other workers that this one lives, and frees the jobs of those who do not. graphile-worker alone would leave the jobs of a killed
 * process, and those taken by a statement whose answer was lost, locked for four hours. A worker that stalls for longer than the lease loses its jobs while it still runs them: tasks are idempotent.
 */
export class Heartbeat {
  private timer: NodeJS.Timeout | undefined;
  private beating: Promise<void> = Promise.resolve();
  private lastBeatAt = Number.NEGATIVE_INFINITY;
  /** Since when every beat has reached the database. */
  private steadySince: number | undefined;
  /** When this worker last asked for a job and heard nothing: it may have got one all the same. */
  private lostAnswerAt: number | undefined;

  constructor(
    private readonly workerId: string,
    private readonly options: HeartbeatOptions,
  ) {}

  start(): void {
    const tick = () => {
      this.beating = this.beat().finally(() => {
        this.timer = setTimeout(tick, this.options.heartbeatMs);
      });
    };
    tick();
  }

  lostAnswer(): void {
    this.lostAnswerAt = performance.now();
  }

  /** Signs off: whatever this worker still holds may be taken by others at once. */
  async stop(): Promise<void> {
    await this.pause();
    const { postgres } = this.options;
    await postgres.transaction(async (tx) => {
      await tx.execute(sql`delete from job_workers where id = ${this.workerId}`);
      await tx.execute(sql`select graphile_worker.force_unlock_workers(array[${this.workerId}::text])`);
    });
  }

  /** Since when every beat has reached the database, in milliseconds of `performance.now()`; undefined when the last one has not. */
  get reachesDatabaseSince(): number | undefined {
    return this.steadySince;
  }

  /** Whether the database heard of this worker within the lease. */
  isRecent(): boolean {
    return performance.now() - this.lastBeatAt < this.options.leaseMs;
  }

  private async pause(): Promise<void> {
    // The beat in flight sets a timer when it ends, so wait for it first.
    clearTimeout(this.timer);
    await this.beating;
    clearTimeout(this.timer);
  }

  private async beat(): Promise<void> {
    const { postgres, leaseMs, logger } = this.options;
    try {
      await postgres.execute(sql`
        insert into job_workers (id, seen_at) values (${this.workerId}, clock_timestamp())
            on conflict (id) do update set seen_at = excluded.seen_at
      `);
      this.lastBeatAt = performance.now();
      this.steadySince ??= this.lastBeatAt;
      // After an outage of the database everyone looks dead; give the others a lease to be heard before judging them.
      if (this.lastBeatAt - this.steadySince >= leaseMs) await this.bury();
      if (this.lostAnswerAt !== undefined && this.lastBeatAt - this.lostAnswerAt > leaseMs) await this.giveBackUnheardOf();
    } catch (error) {
      this.steadySince = undefined;
      logger.warn('job worker cannot reach the database', { workerId: this.workerId, error });
    }
  }

  /** A job taken in our name by a statement whose answer was lost: nobody runs it, and nobody else may while we live. */
  private async giveBackUnheardOf(): Promise<void> {
    const { postgres, leaseMs, runningJobs, logger } = this.options;
    const since = this.lostAnswerAt;
    const given = await postgres.query<{ id: string }>(sql`
      with unheard_of as (
        update graphile_worker._private_jobs j
           set locked_at = null, locked_by = null
         where j.locked_by = ${this.workerId}
           and j.locked_at < clock_timestamp() - ${leaseMs}::int8 * interval '1 millisecond'
           and j.id <> all (${runningJobs()}::int8[])
        returning j.id, j.job_queue_id
      ), queues as (
        update graphile_worker._private_job_queues q
           set locked_at = null, locked_by = null
          from unheard_of u
         where q.id = u.job_queue_id and q.locked_by = ${this.workerId}
      )
      select id from unheard_of
    `);
    if (this.lostAnswerAt === since) this.lostAnswerAt = undefined;
    if (given.length > 0)
      logger.warn('gave back jobs that were taken without our hearing of it', { jobIds: given.map(({ id }) => id) });
  }

  private async bury(): Promise<void> {
    const { postgres, leaseMs, logger } = this.options;
    const dead = await postgres.query<{ worker_id: string }>(sql`
      with dead as (
        select distinct j.locked_by as worker_id
          from graphile_worker.jobs j
          left join job_workers w on w.id = j.locked_by
         where j.locked_at < clock_timestamp() - ${leaseMs}::int8 * interval '1 millisecond'
           and (w.id is null or w.seen_at < clock_timestamp() - ${leaseMs}::int8 * interval '1 millisecond')
      ), unlocked as (
        select graphile_worker.force_unlock_workers(array_agg(worker_id)) from dead having count(*) > 0
      ), forgotten as (
        delete from job_workers where seen_at < clock_timestamp() - ${leaseMs * 100}::int8 * interval '1 millisecond'
      )
      select d.worker_id from dead d where (select count(*) from unlocked) >= 0
    `);
    if (dead.length > 0) logger.warn('freed the jobs of dead workers', { workerIds: dead.map((row) => row.worker_id) });
  }
}
