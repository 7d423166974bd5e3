import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Postgres } from '@emporium/postgres';
import { parseCrontab } from 'graphile-worker';
import { Incarnation, type ResolvedWorkerOptions } from './incarnation.ts';
import type { JobWorker, WorkerOptions } from './worker-options.ts';

/**
 * Runs jobs in this process, as the application's role, on a small pool of its own: requests cannot starve it, nor it them.
 * Raises for a crontab it cannot read, never because the database is away: then it tries again until stopped, and is unhealthy meanwhile. `migrateJobs` must have been run.
 */
export async function startWorker(options: WorkerOptions): Promise<JobWorker> {
  if (options.crontab !== undefined) parseCrontab(options.crontab);
  const supervisor = new Supervisor(withDefaults(options));
  await supervisor.start();
  return supervisor;
}

class Supervisor implements JobWorker {
  private readonly queue: Postgres;
  private readonly stopping = new AbortController();
  private current: Incarnation | undefined;
  private life: Promise<void> = Promise.resolve();
  private stopped: Promise<void> | undefined;

  constructor(private readonly options: ResolvedWorkerOptions) {
    const { postgres, concurrency, logger } = options;
    // One connection listens, one beats, the others take and end jobs. Tasks use the service's own pool.
    this.queue = postgres.sibling({ applicationName: 'jobs', max: concurrency + 2, min: 1, logger });
  }

  async start(): Promise<void> {
    await this.begin();
    this.life = this.live();
  }

  healthy(): boolean {
    return this.current?.isHeardOf() ?? false;
  }

  stop(): Promise<void> {
    this.stopped ??= this.end();
    return this.stopped;
  }

  private async begin(): Promise<void> {
    const { logger, tasks } = this.options;
    try {
      this.current = await Incarnation.begin(this.options, this.queue);
      logger.info('job worker started', { tasks: Object.keys(tasks) });
    } catch (error) {
      logger.error('job worker cannot start', { error });
    }
  }

  private async live(): Promise<void> {
    const { signal } = this.stopping;
    for (let failures = 0; !signal.aborted; ) {
      if (this.current === undefined) {
        failures += 1;
        // 200 ms to 5 s: soon enough after a restart of the database, rare enough for one that stays away.
        await sleep(Math.min(5_000, 100 * 2 ** failures), undefined, { signal }).catch(ignoreAbort);
        if (!signal.aborted) await this.begin();
      } else {
        failures = 0;
        await Promise.race([this.current.ended, aborted(signal)]);
        if (!signal.aborted) await this.replaceDead(this.current);
      }
    }
  }

  private async replaceDead(dead: Incarnation): Promise<void> {
    this.current = undefined;
    this.options.logger.warn('job worker died and is started again');
    await this.signOff(dead);
  }

  private async end(): Promise<void> {
    const running = this.current;
    this.stopping.abort();
    if (running !== undefined) await this.finish(running);
    await this.life;
    // A life that was just beginning when the stop came.
    if (this.current !== undefined && this.current !== running) await this.finish(this.current);
    this.current = undefined;
    await this.queue.close();
  }

  private async finish(life: Incarnation): Promise<void> {
    const { drainMs, logger } = this.options;
    const drained = await Promise.race([life.drain().then(() => true), sleep(drainMs, false, { ref: false })]);
    if (!drained) logger.warn('jobs did not end in time and are handed back', { drainMs });
    await this.signOff(life);
  }

  private async signOff(life: Incarnation): Promise<void> {
    // With the database away this fails, and the lease does the same a little later.
    await life.bury().catch((error: unknown) => this.options.logger.warn('job worker could not sign off', { error }));
  }
}

function withDefaults(options: WorkerOptions): ResolvedWorkerOptions {
  const heartbeatMs = options.heartbeatMs ?? 700;
  return {
    ...options,
    concurrency: options.concurrency ?? 4,
    pollIntervalMs: options.pollIntervalMs ?? 1_000,
    heartbeatMs,
    leaseMs: Math.max(options.leaseMs ?? 3_000, 4 * heartbeatMs),
    drainMs: options.drainMs ?? 8_000,
  };
}

// A job that never ends must not keep the worker from stopping.
function aborted(signal: AbortSignal): Promise<unknown> {
  return signal.aborted ? Promise.resolve() : once(signal, 'abort');
}

function ignoreAbort(error: unknown): void {
  if (!(error instanceof Error && error.name === 'AbortError')) throw error;
}
