import { EventEmitter } from 'node:events';
import type { Postgres } from '@emporium/postgres';
import { parseCrontab, type Runner, run, type TaskList, type WorkerEvents } from 'graphile-worker';
import { toGraphileLogger } from './graphile-logger.ts';
import { Heartbeat } from './heartbeat.ts';
import { runTask } from './run-task.ts';
import type { WorkerOptions } from './worker-options.ts';

export type ResolvedWorkerOptions = Required<Omit<WorkerOptions, 'crontab'>> & Pick<WorkerOptions, 'crontab'>;

/** One life of graphile-worker's pool. It dies when it cannot write down the end of a job; `startWorker` then begins another. */
export class Incarnation {
  private constructor(
    private readonly runner: Runner,
    private readonly heartbeat: Heartbeat,
  ) {}

  /** Raises when the database cannot be reached or has no queue. */
  static async begin(options: ResolvedWorkerOptions, queue: Postgres): Promise<Incarnation> {
    const { tasks, crontab, concurrency, pollIntervalMs, drainMs, logger } = options;
    const events = new EventEmitter() as WorkerEvents;
    let workerId = '';
    events.once('pool:create', ({ workerPool }) => {
      workerId = workerPool.id;
    });
    const running = new Set<string>();
    events.on('job:start', ({ job }) => running.add(job.id));
    events.on('job:complete', ({ job }) => running.delete(job.id));
    const taskList: TaskList = {};
    for (const [name, task] of Object.entries(tasks)) {
      taskList[name] = (payload: unknown, helpers) => runTask(name, task, payload, helpers, logger);
    }
    const runner = await run({
      pgPool: queue.pool,
      taskList,
      parsedCronItems: crontab === undefined ? [] : parseCrontab(crontab),
      concurrency,
      pollInterval: pollIntervalMs,
      noHandleSignals: true,
      gracefulShutdownAbortTimeout: drainMs / 2,
      logger: toGraphileLogger(logger),
      events,
      // Without a batch (its default) 0.18 does not await the statement that ends a job: a lost connection would be an unhandled rejection.
      preset: { worker: { completeJobBatchDelay: 0, failJobBatchDelay: 0 } },
    });
    const heartbeat = new Heartbeat(workerId, { ...options, postgres: queue, runningJobs: () => [...running] });
    events.on('worker:getJob:error', () => heartbeat.lostAnswer());
    heartbeat.start();
    return new Incarnation(runner, heartbeat);
  }

  /** Settles, without a reason, when this life is over. */
  get ended(): Promise<void> {
    return this.runner.promise.then(
      () => undefined,
      () => undefined,
    );
  }

  isHeardOf(): boolean {
    return this.heartbeat.isRecent();
  }

  /** Takes no more jobs; resolves when the running ones have ended. */
  async drain(): Promise<void> {
    // It refuses to be stopped twice; one that died by itself has nothing left to drain.
    this.runner.stop().catch(() => undefined);
    await this.ended;
  }

  /** Hands back what is still locked. */
  bury(): Promise<void> {
    return this.heartbeat.stop();
  }
}
