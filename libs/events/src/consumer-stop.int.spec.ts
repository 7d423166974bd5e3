import { randomUUID } from 'node:crypto';
import { AppError } from '@emporium/errors';
import { sql, type Transaction } from '@emporium/postgres';
import { recordingLogger, tcpProxy, testDatabase, testRedis } from '@emporium/testing';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { EventConsumer, type EventConsumerOptions, eventsMigrations, on, publishTask } from './index.ts';

const shopOpened = { type: 'shop.opened.v1', schema: z.object({ name: z.string() }) };
const stream = 'shop.events';

describe('a consumer that is told to stop', () => {
  const db = testDatabase('events_stop', { migrations: [eventsMigrations] });
  const store = testRedis();
  const consumers: EventConsumer[] = [];

  const publish = (name: string) =>
    publishTask(
      store.redis,
      db,
    )({ id: randomUUID(), type: shopOpened.type, key: name, occurredAt: new Date().toISOString(), data: { name } });
  const note = (tx: Transaction, name: string) => tx.execute(sql`insert into effects (name) values (${name})`);
  const effects = async () =>
    (await db.query<{ name: string }>(sql`select name from effects order by name`)).map(({ name }) => name);
  const letters = async () => (await db.query<{ tries: number }>(sql`select tries from dead_letters`)).map(({ tries }) => tries);
  const pending = async () => ((await store.redis.xpending(stream, 'shop')) as [number])[0];
  const start = async (
    work: (tx: Transaction, name: string) => Promise<unknown>,
    options: Partial<EventConsumerOptions> = {},
  ) => {
    const handler = on(shopOpened, async (tx, { name }) => void (await work(tx, name)));
    const consumer = new EventConsumer({
      ...{ postgres: db, redisUrl: store.url, group: 'shop', handlers: [handler], logger: recordingLogger().logger },
      // What nobody hands over stays with the one who stopped for longer than any of these specs takes.
      ...{ blockMs: 100, retryDelayMs: 5, claimIdleMs: 60_000 },
      ...options,
    });
    consumers.push(consumer);
    await consumer.start();
    return consumer;
  };
  const eventually = <T>(read: () => Promise<T> | T) => expect.poll(read, { timeout: 10_000, interval: 20 });

  beforeAll(() => db.define('create table effects (name text not null)'));
  beforeEach(async () => {
    await store.redis.flushdb();
    for (const table of [sql`delete from effects`, sql`delete from dead_letters`, sql`delete from published_events`]) {
      await db.execute(table);
    }
  });
  afterEach(async () => {
    await Promise.all(consumers.splice(0).map((consumer) => consumer.stop()));
  });

  it('finishes what it has begun, and leaves the rest of what it has read to others, at once', async () => {
    const begun: string[] = [];
    const { promise: mayFinish, resolve: finish } = Promise.withResolvers<void>();
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) await publish(name);
    const slow = async (tx: Transaction, name: string) => {
      begun.push(name);
      await mayFinish;
      await note(tx, name);
    };
    const first = await start(slow, { concurrency: 2 });
    await eventually(() => begun).toHaveLength(2);

    const stopped = first.stop();
    finish();
    await stopped;

    expect(begun).toEqual(['a', 'b']);
    expect(await effects()).toEqual(['a', 'b']);
    await start(note);
    await eventually(effects).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
    await eventually(pending).toBe(0);
  });

  it('leaves what waits for another try to others, with its tries, and neither a busy database nor the stop is one', async () => {
    await publish('bad');
    await publish('unlucky');
    let failures = 0;
    let deferrals = 0;
    const first = await start(
      async (_tx, name) => {
        if (name === 'bad') failures += 1;
        else deferrals += 1;
        throw name === 'bad' ? new Error('no') : new AppError('unavailable', 'busy', 'The database is busy.');
      },
      { retryDelayMs: 400 },
    );
    await eventually(() => [failures, deferrals]).toEqual([2, 2]);

    await first.stop();
    let again = 0;
    await start(async (tx, name) => {
      if (name === 'unlucky') return note(tx, name);
      again += 1;
      throw new Error('no');
    });

    await eventually(effects).toEqual(['unlucky']);
    await eventually(letters).toEqual([5]);
    expect(again).toBe(3);
  });

  it('hands over to a neighbour that runs, too', async () => {
    await publish('a');
    const first = await start(
      async () => {
        throw new AppError('unavailable', 'busy', 'The database is busy.');
      },
      { retryDelayMs: 5_000 },
    );
    await eventually(pending).toBe(1);
    await start(note, { claimIdleMs: 12_000 });

    await first.stop();

    await eventually(effects).toEqual(['a']);
  });

  it('stops in time with a Redis that hangs', async () => {
    const proxy = await tcpProxy(store.url);
    const consumer = await start(note, { redisUrl: proxy.url, blockMs: 1_000 });
    await publish('a');
    await eventually(effects).toEqual(['a']);

    proxy.hang();
    const began = performance.now();
    await consumer.stop();

    expect(performance.now() - began).toBeLessThan(8_000);
    await proxy.close();
  });
});
