import { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Postgres } from '@emporium/postgres';
import { parseCrontab, type Runner, run, type TaskList, type WorkerEvents } from 'graphile-worker';
import { Fetches } from './fetches.ts';
import { forgiving } from './forgiving-pool.ts';
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
    /** Settles, without a reason, when this life is over. */
    readonly ended: Promise<void>,
  ) {}

  /** Raises when the database cannot be reached or has no queue. */
  static async begin(options: ResolvedWorkerOptions, queue: Postgres): Promise<Incarnation> {
    const { tasks, crontab, concurrency, pollIntervalMs, heartbeatMs, drainMs, logger } = options;
    const events = new EventEmitter() as WorkerEvents;
    let workerId = '';
    events.once('pool:create', ({ workerPool }) => {
      workerId = workerPool.id;
    });
    // A shutdown that began because a connection was lost may wait for ever for something that was on that connection (0.18).
    const dying = new Promise<void>((resolve) => void events.once('pool:gracefulShutdown', () => resolve()));
    let onFetchFailed: () => void = () => undefined;
    const fetches = new Fetches(events, () => onFetchFailed());
    const running = new Set<string>();
    events.on('job:start', ({ job }) => running.add(job.id));
    events.on('job:complete', ({ job }) => running.delete(job.id));
    const taskList: TaskList = {};
    for (const [name, task] of Object.entries(tasks)) {
      taskList[name] = (payload: unknown, helpers) => runTask(name, task, payload, helpers, logger);
    }
    const runner = await run({
      pgPool: forgiving(queue.pool),
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
    onFetchFailed = () => {
      heartbeat.lostAnswer();
      if (isPoisoned(fetches, heartbeat, heartbeatMs)) runner.stop('no job can be taken').catch(() => undefined);
    };
    heartbeat.start();
    const settled = runner.promise.then(
      () => undefined,
      () => undefined,
    );
    return new Incarnation(
      runner,
      heartbeat,
      Promise.race([settled, dying.then(() => sleep(drainMs, undefined, { ref: false }))]),
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

/**
 * Every question for a job fails although the database has been there for two beats: graphile-worker 0.18 keeps a first question that failed,
 * about its tasks, as its answer for good (`getTaskDetails`). Only another life asks it anew.
 */
function isPoisoned(fetches: Fetches, { reachesDatabaseSince }: Heartbeat, heartbeatMs: number): boolean {
  const longEnough = performance.now() - 2 * heartbeatMs;
  return reachesDatabaseSince !== undefined && reachesDatabaseSince <= longEnough && fetches.haveFailedSince(longEnough);
}
