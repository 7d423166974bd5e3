import { type Queryable, sql } from '@emporium/postgres';
import type { Redis } from '@emporium/redis';
import { type EventEnvelope, eventEnvelope } from './event.ts';

interface PublishedRow {
  id: string;
  stream_id: string;
  envelope: EventEnvelope;
  position: string;
}

const PAGE = 200;

/**
 * Redis is disposable: after a flush, a restart without its last second or a failover, events of the last day that are no longer on their
 * stream are sent again. Looks at the newest page of each stream, and further back only as long as something is missing.
 */
export async function restoreStreams(
  db: Queryable,
  redis: Redis,
  send: (envelope: EventEnvelope) => Promise<string>,
): Promise<void> {
  const streams = await db.query<{ stream: string }>(sql`
    select distinct p.stream from published_events p where p.published_at > now() - interval '1 day'
  `);
  for (const { stream } of streams) await restoreStream(db, redis, stream, send);
}

async function restoreStream(
  db: Queryable,
  redis: Redis,
  stream: string,
  send: (envelope: EventEnvelope) => Promise<string>,
): Promise<void> {
  let before: PublishedRow | undefined;
  for (;;) {
    const page = await pageBefore(db, stream, before);
    const missing = await missingOf(redis, stream, page);
    for (const row of missing.reverse()) {
      const streamId = await send(eventEnvelope.parse(row.envelope));
      await db.execute(sql`update published_events set stream_id = ${streamId} where id = ${row.id}`);
    }
    before = page.at(-1);
    if (missing.length === 0 || page.length < PAGE) return;
  }
}

async function pageBefore(db: Queryable, stream: string, before: PublishedRow | undefined): Promise<PublishedRow[]> {
  return db.query<PublishedRow>(sql`
    select p.id, p.stream_id, p.envelope, p.published_at::text as position
      from published_events p
     where p.stream = ${stream}
       and p.published_at > now() - interval '1 day'
       and (${before?.position ?? null}::timestamptz is null
            or (p.published_at, p.id) < (${before?.position ?? null}::timestamptz, ${before?.id ?? null}::uuid))
     order by p.published_at desc, p.id desc
     limit ${PAGE}
  `);
}

async function missingOf(redis: Redis, stream: string, rows: readonly PublishedRow[]): Promise<PublishedRow[]> {
  const found = await Promise.all(rows.map((row) => redis.xrange(stream, row.stream_id, row.stream_id)));
  return rows.filter((_row, index) => found[index]?.length === 0);
}

/** Events older than a day are history: their stream may lose them. */
export async function purgePublished(db: Queryable): Promise<number> {
  return db.execute(sql`delete from published_events where published_at < now() - interval '1 day'`);
}
