import type { Queryable } from '@emporium/postgres';
import type { Redis } from '@emporium/redis';

/** What a job of the jobs library runs. */
export type EventTask = (payload: unknown) => Promise<void>;

/** Tasks of the events library by job name; give them to `startWorker` with `eventCrontab`. */
export function eventTasks(_options: { redis: Redis; postgres: Queryable }): Record<string, EventTask> {
  throw new Error('unfinished');
}

/** When the housekeeping tasks of `eventTasks` run. */
export const eventCrontab = ['* * * * * restore-events', '17 * * * * purge-events'].join('\n');

export function publishTask(_redis: Redis, _postgres: Queryable): EventTask {
  throw new Error('unfinished');
}
