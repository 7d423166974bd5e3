import { randomUUID } from 'node:crypto';
import { AppError } from '@emporium/errors';
import { type Postgres, sql, type Transaction } from '@emporium/postgres';
import { recordingLogger, tcpProxy, testDatabase, testRedis, testTracing } from '@emporium/testing';
import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { EventConsumer, type EventConsumerOptions, type EventEnvelope, eventsMigrations, on, publishTask } from './index.ts';
import { restoreStreams } from './published-events.ts';

const shopOpened = { type: 'shop.opened.v1', schema: z.object({ name: z.string() }) };
const stream = 'shop.events';

describe('a consumer of events', () => {
  const db = testDatabase('events_consumer', { migrations: [eventsMigrations] });
  const store = testRedis();
  const tracing = testTracing();
  const consumers: EventConsumer[] = [];
  let log: ReturnType<typeof recordingLogger>;

  const envelopeOf = (key: string, over: Partial<EventEnvelope> = {}): EventEnvelope => ({
    id: randomUUID(),
    type: shopOpened.type,
    key,
    occurredAt: new Date().toISOString(),
    data: { name: key },
    ...over,
  });
  const publish = async (key: string, over: Partial<EventEnvelope> = {}) => {
    const envelope = envelopeOf(key, over);
    await publishTask(store.redis, db)(envelope);
    return envelope;
  };
  const note = (tx: Transaction, name: string) => tx.execute(sql`insert into effects (name) values (${name})`);
  const effects = async () =>
    (await db.query<{ name: string }>(sql`select name from effects order by id`)).map(({ name }) => name);
  const letters = () =>
    db.query<{ event_id: string; tries: number; error: string }>(sql`select event_id, tries, error from dead_letters`);
  const pending = async () => ((await store.redis.xpending(stream, 'shop')) as [number])[0];
  const start = async (
    work: (tx: Transaction, name: string) => Promise<unknown>,
    options: Partial<EventConsumerOptions> = {},
  ) => {
    const handler = on(shopOpened, async (tx, { name }) => void (await work(tx, name)));
    const consumer = new EventConsumer({
      ...{ postgres: db, redisUrl: store.url, group: 'shop', handlers: [handler], logger: log.logger },
      ...{ blockMs: 100, retryDelayMs: 5, claimIdleMs: 1_000 },
      ...options,
    });
    consumers.push(consumer);
    await consumer.start();
    return consumer;
  };
  const eventually = <T>(read: () => Promise<T> | T) => expect.poll(read, { timeout: 10_000, interval: 20 });

  beforeAll(() => db.define('create table effects (id int generated always as identity, name text not null)'));
  beforeEach(async () => {
    log = recordingLogger();
    await store.redis.flushdb();
    await db.execute(sql`delete from effects`);
    await db.execute(sql`delete from dead_letters`);
    await db.execute(sql`delete from published_events`);
  });
  afterEach(async () => {
    vi.restoreAllMocks();
    await Promise.all(consumers.splice(0).map((consumer) => consumer.stop()));
  });

  it('handles an event that was there before it and one that comes later, and acknowledges both', async () => {
    await publish('before');
    await start(note);
    await eventually(effects).toEqual(['before']);

    await publish('later');

    await eventually(effects).toEqual(['before', 'later']);
    await eventually(pending).toBe(0);
  });

  it('runs a handler in the context of the request that caused the event', async () => {
    const { currentContext } = await import('@emporium/telemetry');
    const seen: (string | undefined)[] = [];
    await start(async () => void seen.push(currentContext()?.requestId));

    await publish('a', { requestId: 'req-7' });

    await eventually(() => seen).toEqual(['req-7']);
  });

  it('runs a handler in the trace of the request that caused the event, and without one outside of any', async () => {
    const { currentTraceparent } = await import('@emporium/telemetry');
    const seen = new Map<string, string | undefined>();
    await start(async (_tx, name) => void seen.set(name, currentTraceparent()));
    const traceId = 'a'.repeat(32);

    await publish('traced', { traceparent: `00-${traceId}-${'b'.repeat(16)}-01` });
    await publish('untraced');

    await eventually(() => seen.size).toBe(2);
    expect(seen.get('traced')).toContain(traceId);
    expect(seen.get('untraced')).toBeUndefined();
    await eventually(() => tracing.spans()).toContainEqual({
      ...{ name: 'shop hears shop.opened.v1', traceId, parentSpanId: 'b'.repeat(16), failed: false },
    });
  });

  it('handles an event that was sent three times once', async () => {
    const envelope = await publish('once');
    for (const _again of [1, 2]) await publishTask(store.redis, db)(envelope);

    await start(note);
    await publish('last');

    await eventually(effects).toContain('last');
    await eventually(pending).toBe(0);
    expect((await effects()).filter((name) => name === 'once')).toHaveLength(1);
  });

  it('handles thirty tripled events once each although three consumers race for them', async () => {
    for (let index = 0; index < 3; index += 1) await start(note);
    const envelopes = Array.from({ length: 30 }, (_, index) => envelopeOf(`event-${index}`));

    await Promise.all([...envelopes, ...envelopes, ...envelopes].map((envelope) => publishTask(store.redis, db)(envelope)));

    await eventually(async () => new Set(await effects()).size).toBe(30);
    await eventually(pending).toBe(0);
    expect(await effects()).toHaveLength(30);
  });

  it('gives each group every event', async () => {
    const heard: string[] = [];
    await start(async () => void heard.push('shop'));
    await start(async () => void heard.push('mail'), { group: 'mail' });

    await publish('a');

    await eventually(() => heard.sort()).toEqual(['mail', 'shop']);
  });

  it('leaves alone what nobody here handles, and what is meant for another group', async () => {
    await start(note);
    await publish('a', { type: 'shop.closed.v1' });
    await publish('b', { onlyFor: 'mail' });
    await publish('c', { onlyFor: 'shop' });

    await eventually(effects).toEqual(['c']);
    await eventually(pending).toBe(0);
  });

  it('rolls the inbox back with the handler, and tries again', async () => {
    let tries = 0;
    await start(async (tx, name) => {
      await note(tx, name);
      tries += 1;
      if (tries < 3) throw new Error('not yet');
    });

    await publish('third time');

    await eventually(effects).toEqual(['third time']);
    expect(tries).toBe(3);
    await eventually(pending).toBe(0);
    expect(await letters()).toEqual([]);
  });

  it('parks a poison event after five tries and does not let it hold up others', async () => {
    let tries = 0;
    await start(
      async (tx, name) => {
        if (name !== 'poison') return note(tx, name);
        tries += 1;
        throw new Error('never');
      },
      { retryDelayMs: 50 },
    );
    const poison = await publish('poison');
    for (let index = 0; index < 20; index += 1) await publish(`good-${index}`);

    await eventually(async () => (await effects()).length).toBe(20);
    expect(await letters()).toEqual([]);

    await eventually(letters).toEqual([{ event_id: poison.id, tries: 5, error: 'Error: never' }]);
    expect(tries).toBe(5);
    await eventually(pending).toBe(0);
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
  });

  it('parks five poison events once each while three consumers race for them and for thirty good ones', async () => {
    const tries = new Map<string, number>();
    const work = async (tx: Transaction, name: string) => {
      if (!name.startsWith('poison')) return note(tx, name);
      tries.set(name, (tries.get(name) ?? 0) + 1);
      throw new Error(`never ${name}`);
    };
    for (let index = 0; index < 3; index += 1) await start(work, { retryDelayMs: 50 });
    const events = Array.from({ length: 35 }, (_, index) => envelopeOf(index % 7 === 0 ? `poison-${index}` : `good-${index}`));

    await Promise.all(events.map((envelope) => publishTask(store.redis, db)(envelope)));

    await eventually(async () => (await effects()).length).toBe(30);
    await eventually(async () => (await letters()).length).toBe(5);
    await eventually(pending).toBe(0);
    expect([...tries.values()]).toEqual([5, 5, 5, 5, 5]);
    expect((await letters()).map(({ tries: noted }) => noted)).toEqual([5, 5, 5, 5, 5]);
    expect(new Set(await effects()).size).toBe(30);
  });

  it('parks at once what no try can help: text that is no event, and data that breaks the contract', async () => {
    await store.redis.xadd(stream, '*', 'envelope', 'not\0an event');
    await store.redis.xadd(stream, '*', 'something', 'else');
    await start(note);
    const broken = await publish('a', { data: { name: 42 } });

    await eventually(async () => (await letters()).length).toBe(3);
    expect((await letters()).map(({ tries }) => tries)).toEqual([1, 1, 1]);
    expect((await letters()).map(({ event_id }) => event_id)).toContain(broken.id);
    await eventually(pending).toBe(0);
  });

  it('does not count a busy database as a try', async () => {
    let tries = 0;
    await start(async (tx, name) => {
      tries += 1;
      if (tries <= 7) throw new AppError('unavailable', 'database-busy', 'Busy.');
      await note(tx, name);
    });

    await publish('patient');

    await eventually(effects).toEqual(['patient']);
    expect(await letters()).toEqual([]);
  });

  it('counts a handler that never ends as failed and goes on with the others', async () => {
    await start(async (tx, name) => (name === 'hangs' ? new Promise(() => undefined) : note(tx, name)), {
      handlerTimeoutMs: 100,
      maxTries: 1,
      concurrency: 2,
    });
    await publish('hangs');
    await publish('fine');

    await eventually(effects).toEqual(['fine']);
    await eventually(letters).toMatchObject([{ tries: 1, error: 'Error: The handler took longer than 100 ms.' }]);
    await eventually(() => db.stats().idle).toBe(db.stats().total);
  });

  it('runs a handler once that is slower than the time after which others take over', async () => {
    const runs: string[] = [];
    const holders: unknown[] = [];
    const slow = async (tx: Transaction, name: string) => {
      runs.push(name);
      await new Promise((resolve) => setTimeout(resolve, 700));
      const held = (await store.redis.xpending(stream, 'shop', '-', '+', 10)) as [string, string, number, number][];
      holders.push(...held.map(([, consumer, , delivered]) => `${consumer} ${delivered}`));
      await note(tx, name);
    };
    const settings = { claimIdleMs: 250, concurrency: 1 };
    await start(slow, settings);
    await publish('slow');
    await publish('behind the slow one');
    await eventually(() => runs.length).toBe(1);
    await start(slow, settings);

    await eventually(async () => (await effects()).length).toBe(2);
    await eventually(pending).toBe(0);
    expect(runs).toHaveLength(2);
    // One consumer held both from beginning to end, delivered once.
    expect(new Set(holders).size).toBe(1);
    expect(holders[0]).toMatch(/ 1$/);
  });

  it('has no double effect when it dies between commit and acknowledgement', async () => {
    const proxy = await tcpProxy(store.url);
    const dying = await start(
      async (tx, name) => {
        await note(tx, name);
        proxy.hang();
      },
      { redisUrl: proxy.url },
    );
    await publish('committed');
    await eventually(effects).toEqual(['committed']);
    proxy.cut();
    await dying.stop();
    expect(await pending()).toBe(1);

    const runs: string[] = [];
    await start(async (_tx, name) => void runs.push(name), { claimIdleMs: 100 });

    await eventually(pending).toBe(0);
    expect([await effects(), runs]).toEqual([['committed'], []]);
    expect(await letters()).toEqual([]);
    await proxy.close();
  });

  it('takes over what a dead consumer read and never began', async () => {
    await publish('orphan');
    await store.redis.xgroup('CREATE', stream, 'shop', '0');
    await store.redis.xreadgroup('GROUP', 'shop', 'dead', 'COUNT', 10, 'STREAMS', stream, '>');

    await start(note, { claimIdleMs: 100 });

    await eventually(effects).toEqual(['orphan']);
    await eventually(pending).toBe(0);
  });

  it('parks an event that killed every process which tried it, without trying it', async () => {
    const killer = await publish('killer');
    await store.redis.xgroup('CREATE', stream, 'shop', '0');
    const [[, [[id]]]] = (await store.redis.xreadgroup(
      'GROUP',
      'shop',
      'dead',
      'STREAMS',
      stream,
      '>',
    )) as unknown as unknown as [[string, [[string]]]];
    await store.redis.xclaim(stream, 'shop', 'dead', 0, id, 'RETRYCOUNT', 5, 'JUSTID');

    await start(note, { claimIdleMs: 100 });

    await eventually(letters).toEqual([{ event_id: killer.id, tries: 5, error: 'Error: No try ever came to an end.' }]);
    expect(await effects()).toEqual([]);
  });

  it('notes its tries in Redis, where they survive it', async () => {
    let tries = 0;
    await start(
      async () => {
        tries += 1;
        throw new Error('never');
      },
      { maxTries: 100, retryDelayMs: 10 },
    );
    await publish('a');
    await eventually(() => tries).toBeGreaterThan(2);

    const [[, , , delivered]] = (await store.redis.xpending(stream, 'shop', '-', '+', 10)) as [[string, string, number, number]];

    expect(delivered).toBeGreaterThan(2);
  });

  it('says so when entries were trimmed before they were handled', async () => {
    await publish('lost');
    await store.redis.xgroup('CREATE', stream, 'shop', '0');
    await store.redis.xreadgroup('GROUP', 'shop', 'dead', 'STREAMS', stream, '>');
    await store.redis.xtrim(stream, 'MAXLEN', 0);

    await start(note, { claimIdleMs: 50 });

    await eventually(() => log.lines).toContainEqual(
      expect.objectContaining({ level: 'error', message: 'events were trimmed before they were handled' }),
    );
  });

  it('makes its group anew from the start after Redis was flushed, and the inbox absorbs the repeats', async () => {
    await start(note);
    await publish('first');
    await publish('second');
    await eventually(effects).toEqual(['first', 'second']);

    await store.redis.flushdb();
    await restoreStreams(db, store.redis, (envelope) => publishTask(store.redis, db)(envelope).then(() => '0-1'));
    await publish('third');

    await eventually(effects).toEqual(['first', 'second', 'third']);
    await eventually(() => pending().catch(() => -1)).toBe(0);
    await eventually(async () => store.redis.xlen(stream)).toBe(3);
  });

  it('reads a lost group from the start, not from now on', async () => {
    const consumer = await start(note);
    await publish('seen');
    await eventually(effects).toEqual(['seen']);
    await consumer.stop();
    await store.redis.xgroup('DESTROY', stream, 'shop');
    await publish('said while nobody listened');

    await start(note);

    await eventually(effects).toEqual(['seen', 'said while nobody listened']);
  });

  it.each(['cut', 'hang'] as const)('goes on by itself after a Redis that %s is back', async (trouble) => {
    const proxy = await tcpProxy(store.url);
    const consumer = await start(note, { redisUrl: proxy.url });
    await publish('before');
    await eventually(effects).toEqual(['before']);
    proxy[trouble]();
    await publish('meanwhile');
    await eventually(() => log.lines.some(({ level }) => level === 'warn')).toBe(true);
    expect(consumer.healthy()).toBe(true);

    proxy.resume();

    await eventually(effects).toEqual(['before', 'meanwhile']);
    await consumer.stop();
    await proxy.close();
  });

  it('tries to park again when parking fails, with the true reason and without another run', async () => {
    let runs = 0;
    let refusals = 2;
    const flaky = {
      transaction: db.transaction.bind(db),
      execute: async (statement: Parameters<Postgres['execute']>[0]) => {
        refusals -= 1;
        if (refusals >= 0) throw new AppError('unavailable', 'database-unavailable', 'Away.');
        return db.execute(statement);
      },
    } as unknown as Postgres;
    await start(
      async () => {
        runs += 1;
        throw new Error('the true reason');
      },
      { postgres: flaky, maxTries: 2 },
    );

    await publish('poison');

    await eventually(letters).toMatchObject([{ tries: 2, error: 'Error: the true reason' }]);
    expect(runs).toBe(2);
  });

  it('stops reading when too many wait for another try', async () => {
    let failing = true;
    const seen = new Set<string>();
    await start(
      async (_tx, name) => {
        seen.add(name);
        if (failing) throw new AppError('unavailable', 'database-unavailable', 'Away.');
      },
      { batch: 1, retryDelayMs: 500 },
    );
    for (let index = 0; index < 20; index += 1) await publish(`event-${index}`);
    await eventually(() => seen.size).toBe(10);
    expect(await pending()).toBe(10);

    failing = false;

    await eventually(() => seen.size).toBe(20);
  });

  it('takes its name off the group when it stops', async () => {
    const consumer = await start(note);
    await publish('a');
    await eventually(effects).toEqual(['a']);
    expect(await store.redis.xinfo('CONSUMERS', stream, 'shop')).toHaveLength(1);

    await consumer.stop();

    expect(await store.redis.xinfo('CONSUMERS', stream, 'shop')).toHaveLength(0);
  });

  it('finishes what is in work before it stops', async () => {
    let began = false;
    const consumer = await start(async (tx, name) => {
      began = true;
      await new Promise((resolve) => setTimeout(resolve, 200));
      await note(tx, name);
    });
    await publish('in work');
    await eventually(() => began).toBe(true);

    await consumer.stop();

    expect([await effects(), await pending()]).toEqual([['in work'], 0]);
  });

  it('is healthy while it listens, and not before, after, or when it hangs', async () => {
    const idle = new EventConsumer({ postgres: db, redisUrl: store.url, group: 'shop', handlers: [], logger: log.logger });
    expect(idle.healthy()).toBe(false);
    await idle.stop();
    const consumer = await start(note);
    expect(consumer.healthy()).toBe(true);
    await expect(consumer.start()).rejects.toThrow('started already');

    const realNow = Date.now;
    vi.spyOn(Date, 'now').mockImplementation(() => realNow() + 60_000);
    expect(consumer.healthy()).toBe(false);
    vi.restoreAllMocks();
    await consumer.stop();

    expect(consumer.healthy()).toBe(false);
  });

  it('is not healthy when it cannot go on although Redis is there', async () => {
    await store.redis.set(stream, 'not a stream');

    const consumer = await start(note);

    await eventually(() => consumer.healthy()).toBe(false);
    await store.redis.del(stream);
    await eventually(() => consumer.healthy()).toBe(true);
  });
});
