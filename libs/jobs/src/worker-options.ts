import type { Postgres } from '@emporium/postgres';
import type { Logger } from '@emporium/telemetry';

/** What a task is told about its run. */
export interface TaskContext {
  jobId: string;
  /** 1 on the first run. */
  attempts: number;
  maxAttempts: number;
  /** Aborted when the worker has been asked to stop and the job did not end by itself. */
  signal: AbortSignal;
  log: Logger;
}

/** Runs at least once per job: whatever it does must be idempotent. Throwing means: try again later. */
export type Task = (payload: unknown, context: TaskContext) => Promise<void>;

export interface WorkerOptions {
  postgres: Postgres;
  tasks: Record<string, Task>;
  /** graphile-worker's crontab, UTC: `0 3 * * * purge-keys ?max=3`. */
  crontab?: string;
  /** Jobs at a time in this process. Default 4. */
  concurrency?: number;
  /** How soon a due job is found when the notification was missed. Default 1,000. */
  pollIntervalMs?: number;
  /** A worker not heard of for this long is dead, and its jobs are run by others. Default 3,000, at least 4 heart beats. */
  leaseMs?: number;
  /** Default 700. */
  heartbeatMs?: number;
  /** How long `stop` lets jobs finish before it hands them back. Default 8,000; their signal is aborted half way. */
  drainMs?: number;
  logger: Logger;
}

/** The worker of one process. */
export interface JobWorker {
  /** Takes no more jobs and waits for the running ones; what is not done in time is handed back at once. */
  stop(): Promise<void>;
  /** False when the worker has stopped, has not started yet or cannot reach the database. */
  healthy(): boolean;
}
