import { randomUUID } from 'node:crypto';
import { sql } from '@emporium/postgres';
import type { Redis } from '@emporium/redis';
import { testDatabase, testRedis } from '@emporium/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { type EventEnvelope, eventCrontab, eventsMigrations, eventTasks, publishTask } from './index.ts';

const envelopeOf = (index: number): EventEnvelope => ({
  id: randomUUID(),
  type: 'shop.opened.v1',
  key: `shop-${index}`,
  occurredAt: new Date().toISOString(),
  data: { index },
});

describe('published events', () => {
  const db = testDatabase('events_published', { migrations: [eventsMigrations] });
  const store = testRedis();
  const run = (name: string, payload: unknown = {}) => (tasks()[name] as (payload: unknown) => Promise<void>)(payload);
  const tasks = () => eventTasks({ redis: store.redis, postgres: db });
  const onStream = async () =>
    (await store.redis.xrange('shop.events', '-', '+')).map(
      ([, fields]) => (JSON.parse(fields[1] as string) as EventEnvelope).key,
    );
  const publish = async (count: number) => {
    for (let index = 0; index < count; index += 1) await run('publish-event', envelopeOf(index));
  };

  beforeEach(async () => {
    await store.redis.flushdb();
    for (const table of ['published_events', 'event_inbox']) await db.define(`delete from ${table}`);
  });

  it('are on the stream of their owner', async () => {
    const envelope = envelopeOf(1);

    await run('publish-event', envelope);

    const [[, fields]] = (await store.redis.xrange('shop.events', '-', '+')) as [[string, string[]]];
    expect(JSON.parse(fields[1] as string)).toEqual(envelope);
  });

  it('are not taken for sent when Redis has no room: the job tries again', async () => {
    const full = {
      multi: () => ({ xadd: () => undefined, exec: () => Promise.reject(new Error('OOM command not allowed.')) }),
    } as unknown as Redis;
    const envelope = envelopeOf(1);

    await expect(publishTask(full, db)(envelope)).rejects.toThrow('OOM');

    expect(await db.query(sql`select id from published_events where id = ${envelope.id}`)).toEqual([]);
    await publishTask(store.redis, db)(envelope);
    expect(await db.query(sql`select id from published_events where id = ${envelope.id}`)).toHaveLength(1);
  });

  it('are not sent when the job holds no event', async () => {
    await expect(run('publish-event', { id: 'x' })).rejects.toThrow();
    expect(await store.redis.exists('shop.events')).toBe(0);
  });

  it('stay as they are while nothing is missing', async () => {
    await publish(3);

    await run('restore-events');

    expect(await onStream()).toEqual(['shop-0', 'shop-1', 'shop-2']);
  });

  it('come back after Redis was flushed, oldest first, once', async () => {
    await publish(3);
    await store.redis.flushdb();

    await run('restore-events');
    await run('restore-events');

    expect(await onStream()).toEqual(['shop-0', 'shop-1', 'shop-2']);
  });

  it('come back when only the last ones were lost and newer ones followed', async () => {
    await publish(5);
    const entries = await store.redis.xrange('shop.events', '-', '+');
    await store.redis.xdel('shop.events', ...entries.slice(2, 4).map(([id]) => id));

    await run('restore-events');

    expect((await onStream()).sort()).toEqual(['shop-0', 'shop-1', 'shop-2', 'shop-3', 'shop-4']);
  });

  it('come back all, however many pages they fill', async () => {
    await publish(450);
    await store.redis.flushdb();

    await run('restore-events');

    expect(new Set(await onStream()).size).toBe(450);
    expect(await onStream()).toHaveLength(450);
  });

  it('are forgotten after a day, and what a group has seen after a week', async () => {
    await publish(2);
    await db.execute(
      sql`update published_events set published_at = now() - interval '25 hours' where envelope->>'key' = 'shop-0'`,
    );
    await db.execute(sql`
      insert into event_inbox (group_name, event_id, handled_at)
      values ('shop', gen_random_uuid(), now() - interval '8 days'), ('shop', gen_random_uuid(), now() - interval '6 days')
    `);
    await store.redis.flushdb();

    await run('restore-events');
    await run('purge-events');

    expect(await onStream()).toEqual(['shop-1']);
    expect(await db.query(sql`select 1 from published_events`)).toHaveLength(1);
    expect(await db.query(sql`select 1 from event_inbox`)).toHaveLength(1);
  });

  it('have a schedule that names tasks there are', () => {
    const scheduled = eventCrontab.split('\n').map((line) => line.split(' ')[5]);

    expect(scheduled).toHaveLength(2);
    for (const name of scheduled) expect(tasks()).toHaveProperty(name as string);
  });
});
