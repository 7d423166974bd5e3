import { type Queryable, sql } from '@emporium/postgres';
import type { Redis } from '@emporium/redis';
import { counter } from '@emporium/telemetry';
import { type EventEnvelope, eventEnvelope, streamOf } from './event.ts';
import { purgeInbox } from './inbox.ts';
import { PUBLISH_EVENT } from './outbox.ts';
import { purgePublished, restoreStreams } from './published-events.ts';

/** What a job of the jobs library runs. */
export type EventTask = (payload: unknown) => Promise<void>;

/** Entries a stream keeps, roughly. Some days of a busy shop; a group that is further behind loses entries, and says so. */
const STREAM_LENGTH = 100_000;

/** Tasks of the events library by job name; give them to `startWorker` together with `eventCrontab`. */
export function eventTasks({ redis, postgres }: { redis: Redis; postgres: Queryable }): Record<string, EventTask> {
  return {
    [PUBLISH_EVENT]: publishTask(redis, postgres),
    'restore-events': async () => restoreStreams(postgres, redis, (envelope) => addToStream(redis, envelope)),
    'purge-events': async () => {
      await purgePublished(postgres);
      await purgeInbox(postgres);
    },
  };
}

/** When the housekeeping tasks of `eventTasks` run. */
export const eventCrontab = ['* * * * * restore-events ?max=1', '17 * * * * purge-events ?max=3'].join('\n');

/** The task that sends one event to its stream and remembers it for a day. May send it twice; consumers absorb that. */
export function publishTask(redis: Redis, postgres: Queryable): EventTask {
  const published = counter('emporium_events_published_total', 'Events sent to a stream, repeats included.', ['type']);

  return async (payload) => {
    const envelope = eventEnvelope.parse(payload);
    const streamId = await addToStream(redis, envelope);
    await postgres.execute(sql`
      insert into published_events (id, stream, stream_id, envelope)
      values (${envelope.id}, ${streamOf(envelope.type)}, ${streamId}, ${JSON.stringify(envelope)})
      on conflict (id) do nothing
    `);
    published.labels(envelope.type).inc();
  };
}

async function addToStream(redis: Redis, envelope: EventEnvelope): Promise<string> {
  const id = await redis.xadd(streamOf(envelope.type), 'MAXLEN', '~', STREAM_LENGTH, '*', 'envelope', JSON.stringify(envelope));
  if (id === null) throw new Error(`Redis gave no id for event ${envelope.id}.`);
  return id;
}
