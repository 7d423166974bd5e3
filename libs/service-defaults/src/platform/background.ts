import { EventConsumer, type EventHandler, EventRelay, eventCrontab, eventTasks, type Outbox } from '@emporium/events';
import { Idempotency } from '@emporium/idempotency';
import { startSweep, startWorker, type Task } from '@emporium/jobs';
import { Postgres } from '@emporium/postgres';
import type { Redis } from '@emporium/redis';
import type { Logger } from '@emporium/telemetry';
import { deadAfter } from '../health/dead-after.ts';
import { HealthRegistry } from '../health/health.registry.ts';
import { Lifecycle } from './lifecycle.ts';

/** A provider with background tasks by job name. Tasks run at least once per job, so they must be idempotent. */
export interface JobTasks {
  readonly tasks: Record<string, Task>;
  /** graphile-worker's crontab, one line per schedule: `0 3 * * * purge-carts`. UTC. */
  readonly crontab?: string;
  /** By name, what looks twice a second whether something is due. See `startSweep`. */
  readonly sweeps?: Record<string, () => Promise<void>>;
}

/** A provider that hears events: `readonly handlers = [on(orderConfirmed, (tx, data) => …)]`. */
export interface EventHandlers {
  readonly handlers: readonly EventHandler[];
}

interface BackgroundOptions {
  name: string;
  postgres: Postgres;
  redis: Redis | undefined;
  redisUrl: string | undefined;
  idempotency: Idempotency;
  outbox: Outbox;
  logger: Logger;
  health: HealthRegistry;
  lifecycle: Lifecycle;
}

/** Starts the job worker and the event consumer of one process, shows them in its health and stops them before the connections end. */
export class Background {
  constructor(private readonly options: BackgroundOptions) {}

  async startJobs(providers: readonly JobTasks[]): Promise<void> {
    const { postgres, redis, logger, idempotency, health, lifecycle } = this.options;
    const tasks: Record<string, Task> = {
      'purge-idempotency-keys': async () => void (await idempotency.purge(postgres)),
      ...(redis && eventTasks({ redis, postgres })),
    };
    for (const provider of providers) addTasks(tasks, provider.tasks);

    const crontab = [
      '37 * * * * purge-idempotency-keys',
      redis && eventCrontab,
      ...providers.map((provider) => provider.crontab),
    ];
    const worker = await startWorker({
      postgres,
      logger,
      tasks,
      crontab: crontab.filter((lines) => lines).join('\n'),
    });
    health.register({ name: 'jobs', ...deadAfter(() => worker.healthy()) });
    lifecycle.onStop('intake', 'job worker', () => worker.stop());
    for (const provider of providers) {
      for (const [name, sweep] of Object.entries(provider.sweeps ?? {})) {
        const started = startSweep({ name, sweep, logger });
        lifecycle.onStop('intake', name, () => started.stop());
      }
    }
  }

  /** Carries what the outbox holds to the streams; without Redis there are none. */
  startRelay(): void {
    const { postgres, redis, outbox, logger, lifecycle } = this.options;
    if (redis === undefined) return;
    const relay = new EventRelay({ postgres, redis, outbox, logger });
    relay.start();
    lifecycle.onStop('background', 'event relay', () => relay.stop());
  }

  async startConsumer(providers: readonly EventHandlers[]): Promise<void> {
    const { name, postgres, redis, redisUrl, logger, health, lifecycle } = this.options;
    if (redis === undefined || redisUrl === undefined) throw new Error('A service that hears events needs Redis.');
    const handlers = providers.flatMap((provider) => [...provider.handlers]);
    const consumer = new EventConsumer({ postgres, redisUrl, group: name, handlers, logger });
    await consumer.start();
    // Redis may be away: then nobody hears events, and taking the service out of rotation would only add an outage.
    const alive = () => consumer.healthy() || redis.status !== 'ready';
    health.register({ name: 'events', ...deadAfter(() => consumer.healthy(), alive) });
    lifecycle.onStop('intake', 'event consumer', () => consumer.stop());
  }
}

function addTasks(tasks: Record<string, Task>, more: Record<string, Task>): void {
  for (const [name, task] of Object.entries(more)) {
    if (Object.hasOwn(tasks, name)) throw new Error(`Two tasks are called ${name}.`);
    tasks[name] = task;
  }
}
