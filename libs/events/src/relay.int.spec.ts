import { type Postgres, sql } from '@emporium/postgres';
import { closeRedis, connectRedis, type Redis, redisReady } from '@emporium/redis';
import { recordingLogger, tcpProxy, testDatabase, testRedis } from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { EventConsumer, type EventEnvelope, EventRelay, type EventRelayOptions, eventsMigrations, Outbox, on } from './index.ts';

const shopOpened = { type: 'shop.opened.v1', schema: z.object({ name: z.string() }) };

describe('the relay', () => {
  const db = testDatabase('events_relay', { migrations: [eventsMigrations] });
  const store = testRedis();
  const closers: (() => unknown)[] = [];
  let log: ReturnType<typeof recordingLogger>;

  const start = (options: Partial<EventRelayOptions> & { outbox?: Outbox } = {}) => {
    const outbox = options.outbox ?? new Outbox();
    const relay = new EventRelay({
      ...{ postgres: db, redis: store.redis, outbox, logger: log.logger, gatherMs: 10, idleMs: 100 },
      ...options,
    });
    closers.push(() => relay.stop());
    relay.start();
    return outbox;
  };
  const say = (outbox: Outbox, name: string) => db.transaction((tx) => outbox.add(tx, shopOpened, name, { name }));
  const onStream = async () =>
    (await store.redis.xrange('shop.events', '-', '+')).map(
      ([, fields]) => (JSON.parse(fields[1] as string) as EventEnvelope).key,
    );
  const waiting = () => db.query(sql`select 1 from outbox_events`);
  const kept = async () =>
    (await db.query<{ key: string }>(sql`select envelope ->> 'key' as key from published_events order by 1`)).map(
      ({ key }) => key,
    );
  const eventually = <T>(read: () => Promise<T> | T) => expect.poll(read, { timeout: 10_000, interval: 20 });

  /** Redis by way of which every sending ends as told; what was sent was sent. */
  const redisThat = (afterSending: () => Promise<void>): Redis =>
    Object.assign(Object.create(store.redis), {
      multi: () => {
        const transaction = store.redis.multi();
        const exec = transaction.exec.bind(transaction);
        transaction.exec = async () => {
          const replies = await exec();
          await afterSending();
          return replies;
        };
        return transaction;
      },
    });

  beforeEach(async () => {
    log = recordingLogger();
    await store.redis.flushdb();
    for (const table of ['outbox_events', 'published_events', 'event_inbox']) await db.define(`delete from ${table}`);
  });
  afterEach(() => Promise.all(closers.splice(0).map((close) => close())));

  it('sends what was committed, remembers it, and nothing of what was not', async () => {
    const outbox = start();

    const undone = db.transaction(async (tx) => {
      await outbox.add(tx, shopOpened, 'undone', { name: 'undone' });
      throw new Error('no');
    });
    await expect(undone).rejects.toThrow('no');
    for (const name of ['a', 'b']) await say(outbox, name);

    await eventually(onStream).toEqual(['a', 'b']);
    await eventually(kept).toEqual(['a', 'b']);
    expect(await waiting()).toEqual([]);
  });

  it('sends what another process added, or left when it died', async () => {
    await say(new Outbox(), 'left behind');

    start();

    await eventually(onStream).toEqual(['left behind']);
  });

  it('sends what a transaction adds that commits after later ones', async () => {
    const outbox = start();
    const later = Promise.withResolvers<void>();

    const slow = db.transaction(async (tx) => {
      await outbox.add(tx, shopOpened, 'first', { name: 'first' });
      await later.promise;
    });
    await eventually(() => db.query(sql`select 1 from pg_locks where relation = 'outbox_events'::regclass`)).not.toEqual([]);
    await say(outbox, 'second');
    await eventually(onStream).toEqual(['second']);
    later.resolve();
    await slow;

    await eventually(onStream).toEqual(['second', 'first']);
  });

  it('sends each event once when eight relays race for a hundred', async () => {
    const outbox = new Outbox();
    for (let index = 0; index < 8; index += 1) start({ outbox, batch: 7 });

    await Promise.all(Array.from({ length: 100 }, (_, index) => say(outbox, `event-${index}`)));

    await eventually(waiting).toEqual([]);
    expect(await onStream()).toHaveLength(100);
    expect(new Set(await onStream()).size).toBe(100);
    expect(await kept()).toHaveLength(100);
  });

  it('killed between sending and noting it leaves the event to be sent again, and it is handled once', async () => {
    let kills = 0;
    const killed = redisThat(async () => {
      if (kills++ > 0) return;
      await db.query(sql`
        select pg_terminate_backend(pid) from pg_stat_activity
         where datname = current_database() and state = 'idle in transaction' and query like '%outbox_events%'
      `);
    });
    const handled: string[] = [];
    const consumer = new EventConsumer({
      ...{ postgres: db, redisUrl: store.url, group: 'shop', logger: log.logger, blockMs: 100 },
      handlers: [on(shopOpened, async (_tx, { name }) => void handled.push(name))],
    });
    closers.push(() => consumer.stop());
    await consumer.start();

    await say(start({ redis: killed }), 'a');

    await eventually(onStream).toEqual(['a', 'a']);
    await eventually(waiting).toEqual([]);
    await eventually(async () => (await store.redis.xinfo('GROUPS', 'shop.events')) as unknown[]).toEqual([
      expect.arrayContaining(['pending', 0, 'entries-read', 2]),
    ]);
    expect(handled).toEqual(['a']);
    expect(await kept()).toEqual(['a']);
  });

  it('keeps events while Redis has no room, and sends them when it has', async () => {
    await store.redis.config('SET', 'maxmemory', '1');
    const outbox = start();
    await say(outbox, 'a');

    await eventually(() => log.lines.map(({ message }) => message)).toContain('events wait: they could not be sent');
    expect(await waiting()).toHaveLength(1);
    await store.redis.config('SET', 'maxmemory', '0');

    await eventually(onStream).toEqual(['a']);
    await eventually(() => log.lines.map(({ message }) => message)).toContain('events are sent again');
  });

  it.each(['hang', 'cut'] as const)('holds no rows longer than Redis may take when that is behind a %s line', async (trouble) => {
    const proxy = await tcpProxy(store.url);
    closers.push(() => proxy.close());
    const redis = connectRedis({ url: proxy.url, name: 'relay-spec' });
    closers.push(() => closeRedis(redis));
    await redisReady(redis, 5_000);
    if (trouble === 'hang') proxy.hang();
    else proxy.cut();
    const outbox = start({ redis });

    await say(outbox, 'a');
    await eventually(() => log.lines.map(({ message }) => message)).toContain('events wait: they could not be sent');
    start({ outbox });

    await eventually(onStream).toContain('a');
    await eventually(waiting).toEqual([]);
  });

  it('goes on by itself after the database was away', async () => {
    const outbox = new Outbox();
    let away = true;
    const flaky: Postgres = Object.assign(Object.create(db), {
      query: (...args: Parameters<Postgres['query']>) => (away ? Promise.reject(new Error('away')) : db.query(...args)),
      transaction: (...args: Parameters<Postgres['transaction']>) =>
        away ? Promise.reject(new Error('away')) : db.transaction(...args),
    });
    start({ outbox, postgres: flaky });
    await say(outbox, 'a');
    await eventually(() => log.lines.map(({ message }) => message)).toContain('events wait: they could not be sent');

    away = false;

    await eventually(onStream).toEqual(['a']);
  });
});
