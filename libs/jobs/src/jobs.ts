import { type Queryable, sql } from '@emporium/postgres';
import { currentTraceparent } from '@emporium/telemetry';

export interface JobOptions {
  /** Not before this time. Default: now. */
  runAt?: Date;
  /** Not before this many milliseconds from now, by the database's clock. Ignored when `runAt` is given. */
  delayMs?: number;
  /** At most one waiting job per key: adding it again changes the waiting one. A running job is left alone and a new one waits beside it. */
  key?: string;
  /**
   * With a key: 'replace' (default) sets everything anew, 'preserve_run_at' keeps the time of the waiting job,
   * 'unsafe_dedupe' changes nothing, not even when the existing job is running or has failed for good.
   */
  keyMode?: 'replace' | 'preserve_run_at' | 'unsafe_dedupe';
  /** Default 25, which spreads over about four days. */
  maxAttempts?: number;
  /** Jobs of one queue run one after the other. Keep the number of queues small. */
  queue?: string;
}

/**
 * Durable background work: a job added in a transaction runs if and only if the transaction commits, at least once.
 * A task must therefore be idempotent. Does not run anything itself: see `startWorker`.
 */
export class Jobs {
  /** Adds a job where the state changes; the payload is stored as JSON, with the `traceparent` of whoever adds it when that is traced. */
  async add(tx: Queryable, name: string, payload: object, options: JobOptions = {}): Promise<void> {
    const runAt = options.runAt ?? null;
    const delayMs = options.delayMs ?? null;
    const traceparent = currentTraceparent();
    const stored = traceparent === undefined || Array.isArray(payload) ? payload : { traceparent, ...payload };
    await tx.execute(sql`
      select 1
        from graphile_worker.add_job(
          identifier => ${name}::text,
          payload => ${JSON.stringify(stored)}::json,
          queue_name => ${options.queue ?? null}::text,
          run_at => coalesce(${runAt}::timestamptz, clock_timestamp() + ${delayMs}::int8 * interval '1 millisecond'),
          max_attempts => ${options.maxAttempts ?? 25}::int,
          job_key => ${options.key ?? null}::text,
          flags => ${options.key === undefined ? null : ['keyed']}::text[],
          job_key_mode => ${options.keyMode ?? 'replace'}::text
        )
    `);
  }

  /** Takes back a waiting job. One that is running finishes, but is not tried again. Removing what is not there is not an error. */
  async remove(tx: Queryable, key: string): Promise<void> {
    await tx.execute(sql`select 1 from graphile_worker.remove_job(${key}::text)`);
  }
}
