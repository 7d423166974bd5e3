import { randomUUID } from 'node:crypto';
import { sql, type Transaction } from '@emporium/postgres';
import { recordingLogger, testDatabase, testRedis } from '@emporium/testing';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { EventConsumer, type EventConsumerOptions, type EventEnvelope, eventsMigrations, on } from './index.ts';
import { addAllToStreams } from './publisher.ts';

const shopOpened = { type: 'shop.opened.v1', schema: z.object({ name: z.string() }) };

describe('events handled together', () => {
  const db = testDatabase('events_together', { migrations: [eventsMigrations] });
  const store = testRedis();
  const consumers: EventConsumer[] = [];
  let log: ReturnType<typeof recordingLogger>;

  const envelopeOf = (name: unknown): EventEnvelope => ({
    id: randomUUID(),
    type: shopOpened.type,
    key: String(name),
    occurredAt: new Date().toISOString(),
    data: { name },
  });
  const send = (envelopes: EventEnvelope[]) =>
    addAllToStreams(
      store.redis,
      envelopes.map((each) => JSON.stringify(each)),
    );
  const note = (tx: Transaction, names: string[]) => tx.execute(sql`insert into effects (name) select unnest(${names}::text[])`);
  const effects = async () =>
    (await db.query<{ name: string }>(sql`select name from effects order by name`)).map(({ name }) => name);
  const start = async (
    all: (tx: Transaction, names: string[]) => Promise<unknown>,
    options: Partial<EventConsumerOptions> = {},
  ) => {
    const alone = vi.fn(async (tx: Transaction, { name }: { name: string }) => void (await note(tx, [name])));
    const handler = on(
      shopOpened,
      alone,
      async (tx, shops) =>
        void (await all(
          tx,
          shops.map(({ name }) => name),
        )),
    );
    const consumer = new EventConsumer({
      ...{ postgres: db, redisUrl: store.url, group: 'shop', handlers: [handler], logger: log.logger },
      ...{ blockMs: 100, retryDelayMs: 5, claimIdleMs: 1_000 },
      ...options,
    });
    consumers.push(consumer);
    await consumer.start();
    return alone;
  };
  const eventually = <T>(read: () => Promise<T> | T) => expect.poll(read, { timeout: 10_000, interval: 20 });
  const isQuiet = () => eventually(async () => (await store.redis.xpending('shop.events', 'shop'))[0]).toBe(0);

  beforeAll(() => db.define('create table effects (name text not null)'));
  beforeEach(async () => {
    log = recordingLogger();
    await store.redis.flushdb();
    for (const table of ['effects', 'event_inbox', 'dead_letters']) await db.define(`delete from ${table}`);
  });
  afterEach(() => Promise.all(consumers.splice(0).map((consumer) => consumer.stop())));

  it('take one transaction, and each counts once though it is there twice or was seen before', async () => {
    const [before, a, b] = [envelopeOf('before'), envelopeOf('a'), envelopeOf('b')];
    await db.execute(sql`insert into event_inbox (group_name, event_id) values ('shop', ${before.id})`);
    await send([a, before, b, a, b, a]);
    const all = vi.fn(note);

    const alone = await start(all);

    await eventually(effects).toEqual(['a', 'b']);
    await isQuiet();
    expect(all.mock.calls.map(([, names]) => names)).toEqual([['a', 'b']]);
    expect(alone).not.toHaveBeenCalled();
  });

  it('are handled one by one when one of them fails, and only that one is a dead letter', async () => {
    await send([envelopeOf('a'), envelopeOf(7), envelopeOf('b')]);

    await start(note);

    await eventually(effects).toEqual(['a', 'b']);
    await isQuiet();
    expect(await db.query(sql`select 1 from dead_letters`)).toHaveLength(1);
  });

  it('leave nothing behind when all of it fails, and are handled one by one', async () => {
    await send(['a', 'b', 'c'].map(envelopeOf));
    const alone = await start(async (tx, names) => {
      await note(tx, names);
      throw new Error('not all of them');
    });

    await eventually(effects).toEqual(['a', 'b', 'c']);
    await isQuiet();
    expect(alone).toHaveBeenCalledTimes(3);
  });

  it('count once when four consumers race for them and each is sent three times', async () => {
    const envelopes = Array.from({ length: 60 }, (_, index) => envelopeOf(`event-${index}`));
    for (let copy = 0; copy < 3; copy += 1) await send(copy === 1 ? envelopes.toReversed() : envelopes);

    for (let index = 0; index < 4; index += 1) await start(note, { batch: 16 });

    await eventually(async () => (await effects()).length).toBe(60);
    await isQuiet();
    expect(new Set(await effects()).size).toBe(60);
    expect(await effects()).toHaveLength(60);
  });
});
