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
  return async (payload) => {
    const envelope = JSON.stringify(eventEnvelope.parse(payload));
    await keepPublished(postgres, await addAllToStreams(redis, [envelope]));
  };
}

interface SentEvent {
  readonly id: string;
  readonly stream: string;
  readonly streamId: string;
  readonly envelope: string;
}

/** Sends envelopes, each as JSON, all or none of them. */
export async function addAllToStreams(redis: Redis, envelopes: readonly string[]): Promise<SentEvent[]> {
  const events = envelopes.map((envelope) => {
    const { id, type } = JSON.parse(envelope) as EventEnvelope;
    return { id, type, stream: streamOf(type), envelope };
  });
  const published = counter('emporium_events_published_total', 'Events sent to a stream, repeats included.', ['type']);
  const transaction = redis.multi();
  for (const { stream, envelope } of events) {
    transaction.xadd(stream, 'MAXLEN', '~', STREAM_LENGTH, '*', 'envelope', envelope);
  }
  const replies = (await transaction.exec()) ?? [];
  return events.map(({ type, ...event }, index) => {
    const [error, streamId] = replies[index] ?? [];
    if (error) throw error;
    if (typeof streamId !== 'string') throw new Error(`Redis gave no id for event ${event.id}.`);
    published.labels(type).inc();
    return { ...event, streamId };
  });
}

/** Remembers for a day what went to the streams. */
export async function keepPublished(db: Queryable, events: readonly SentEvent[]): Promise<void> {
  const column = (name: keyof SentEvent) => events.map((event) => event[name]);
  await db.execute(sql`
    insert into published_events (id, stream, stream_id, envelope)
    select * from unnest(${column('id')}::uuid[], ${column('stream')}::text[], ${column('streamId')}::text[],
                         ${column('envelope')}::jsonb[])
    on conflict (id) do nothing
  `);
}

async function addToStream(redis: Redis, envelope: EventEnvelope): Promise<string> {
  const [sent] = await addAllToStreams(redis, [JSON.stringify(envelope)]);
  if (sent === undefined) throw new Error(`Redis gave no id for event ${envelope.id}.`);
  return sent.streamId;
}
