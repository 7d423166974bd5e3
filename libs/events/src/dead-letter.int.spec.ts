import { randomUUID } from 'node:crypto';
import { sql } from '@emporium/postgres';
import { recordingLogger, testDatabase, testRedis } from '@emporium/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { park } from './dead-letter.ts';
import { DeadLetters, EventConsumer, type EventEnvelope, eventsMigrations, on, publishTask } from './index.ts';

const shopOpened = { type: 'shop.opened.v1', schema: z.object({ name: z.string() }) };

describe('dead letters', () => {
  const db = testDatabase('events_dead_letters', { migrations: [eventsMigrations] });
  const store = testRedis();
  const jobs: { name: string; payload: unknown }[] = [];
  const letters = new DeadLetters({ add: async (_tx, name, payload) => void jobs.push({ name, payload }) });

  const envelopeOf = (key: string): EventEnvelope => ({
    id: randomUUID(),
    type: shopOpened.type,
    key,
    occurredAt: new Date().toISOString(),
    data: { name: key },
  });
  const entryOf = (text: string, id = '1-0') => ({ stream: 'shop.events', id, text, tries: 5 });
  const parkEvent = async (key: string) => {
    const envelope = envelopeOf(key);
    await park(db, 'shop', entryOf(JSON.stringify(envelope)), new Error(`cannot ${key}`));
    return envelope;
  };
  const all = () => letters.list(db, { limit: 100 });

  beforeEach(async () => {
    jobs.splice(0);
    await store.redis.flushdb();
    await db.execute(sql`delete from dead_letters`);
  });

  it('keep what happened', async () => {
    const envelope = await parkEvent('a');

    expect(await all()).toMatchObject([
      {
        group: 'shop',
        stream: 'shop.events',
        eventId: envelope.id,
        type: 'shop.opened.v1',
        envelope,
        error: 'Error: cannot a',
        tries: 5,
      },
    ]);
    expect((await all())[0]?.parkedAt).toBeInstanceOf(Date);
  });

  it('are listed newest first, page by page, each once', async () => {
    for (const key of ['a', 'b', 'c', 'd', 'e']) await parkEvent(key);
    await db.execute(sql`
      update dead_letters set parked_at = now() + ascii(envelope::json ->> 'key') * interval '1 millisecond'
    `);

    const keys: string[] = [];
    let after: { at: Date; id: string } | undefined;
    for (;;) {
      const page = await letters.list(db, { limit: 2, after });
      keys.push(...page.map(({ envelope }) => ('key' in envelope ? envelope.key : '')));
      const last = page.at(-1);
      if (last === undefined) break;
      after = { at: last.parkedAt, id: last.id };
    }

    expect(keys).toEqual(['e', 'd', 'c', 'b', 'a']);
    expect(await letters.count(db)).toBe(5);
  });

  it('of the same millisecond are told apart by their ids: no page misses or repeats one', async () => {
    for (const key of ['a', 'b', 'c', 'd', 'e']) await parkEvent(key);
    await db.execute(sql`update dead_letters set parked_at = '2026-11-01T00:00:00.123456Z'`);

    const seen: string[] = [];
    let after: { at: Date; id: string } | undefined;
    do {
      const [letter] = await letters.list(db, { limit: 1, after });
      after = letter && { at: letter.parkedAt, id: letter.id };
      if (letter !== undefined) seen.push(letter.eventId);
    } while (after !== undefined && seen.length < 10);

    expect(new Set(seen).size).toBe(5);
    expect(seen).toHaveLength(5);
  });

  it('are one for an event that was given up twice', async () => {
    const envelope = await parkEvent('a');
    await park(db, 'shop', { ...entryOf(JSON.stringify(envelope)), tries: 7 }, 'a plain reason');

    expect(await all()).toMatchObject([{ error: 'a plain reason', tries: 7 }]);
  });

  it('hold text that is no event, even with a NUL in it', async () => {
    await park(db, 'shop', entryOf('no\0event', '5-1'), new Error('x\0y'.repeat(2_000)));

    const [letter] = await all();
    expect(letter).toMatchObject({ eventId: '5-1', type: 'unreadable', envelope: { unreadable: 'noevent' } });
    expect(letter?.error.length).toBe(500);
  });

  it('tell what went wrong in a line, without SQL, addresses or a stack', async () => {
    const failing = db.query(sql`select ada from accounts where email = ${'ada@example.com'}`);
    await park(db, 'shop', entryOf(JSON.stringify(envelopeOf('a'))), await failing.catch((error: unknown) => error));

    expect(await all()).toMatchObject([{ error: 'database error 42P01' }]);
  });

  it('are sent again as a job of the same transaction, for their group only', async () => {
    const envelope = await parkEvent('a');
    const [letter] = await all();

    const sent = await db.transaction((tx) => letters.requeue(tx, letter?.id as string));

    expect(sent).toEqual(letter);
    expect(jobs).toEqual([{ name: 'publish-event', payload: { ...envelope, onlyFor: 'shop' } }]);
    expect(await all()).toEqual([]);
  });

  it('are sent again by one of ten who ask at once', async () => {
    await parkEvent('a');
    const [letter] = await all();

    const results = await Promise.allSettled(
      Array.from({ length: 10 }, () => db.transaction((tx) => letters.requeue(tx, letter?.id as string))),
    );

    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(jobs).toHaveLength(1);
  });

  it('stay when the transaction does not commit', async () => {
    await parkEvent('a');
    const [letter] = await all();

    const undone = db.transaction(async (tx) => {
      await letters.requeue(tx, letter?.id as string);
      throw new Error('changed my mind');
    });

    await expect(undone).rejects.toThrow('changed my mind');
    expect(await all()).toHaveLength(1);
  });

  it('that are not there, or hold no event, cannot be sent', async () => {
    await park(db, 'shop', entryOf('no event'), new Error('x'));
    const [letter] = await all();

    await expect(db.transaction((tx) => letters.requeue(tx, randomUUID()))).rejects.toMatchObject({ kind: 'not-found' });
    await expect(db.transaction((tx) => letters.requeue(tx, letter?.id as string))).rejects.toMatchObject({
      kind: 'unprocessable',
    });
    expect(await all()).toHaveLength(1);
  });

  it('come back once when the event fails again', async () => {
    const consumer = new EventConsumer({
      ...{ postgres: db, redisUrl: store.url, group: 'shop', logger: recordingLogger().logger },
      ...{ blockMs: 50, retryDelayMs: 5, maxTries: 2 },
      handlers: [on(shopOpened, () => Promise.reject(new Error('broken for good')))],
    });
    await consumer.start();
    const publish = publishTask(store.redis, db);
    const envelope = envelopeOf('hopeless');
    await publish(envelope);
    await expect.poll(async () => (await all()).length, { timeout: 5_000 }).toBe(1);

    const [first] = await all();
    await db.transaction((tx) => letters.requeue(tx, first?.id as string));
    expect(await all()).toEqual([]);
    for (const { payload } of [...jobs, ...jobs]) await publish(payload);

    await expect.poll(async () => (await all()).length, { timeout: 5_000 }).toBe(1);
    await expect.poll(async () => (await store.redis.xpending('shop.events', 'shop'))[0], { timeout: 5_000 }).toBe(0);
    await consumer.stop();
    const again = await all();
    expect(again).toMatchObject([{ eventId: envelope.id, tries: 2, error: 'Error: broken for good' }]);
    expect(again[0]?.id).not.toBe(first?.id);
  });

  it('are handled once after the cause is gone', async () => {
    let broken = true;
    const handled: string[] = [];
    const consumer = new EventConsumer({
      ...{ postgres: db, redisUrl: store.url, group: 'shop', logger: recordingLogger().logger },
      ...{ blockMs: 50, retryDelayMs: 5, maxTries: 2 },
      handlers: [
        on(shopOpened, async (_tx, { name }) => {
          if (broken) throw new Error('still broken');
          handled.push(name);
        }),
      ],
    });
    await consumer.start();
    const publish = publishTask(store.redis, db);
    await publish(envelopeOf('repaired'));
    await expect.poll(async () => (await all()).length, { timeout: 5_000 }).toBe(1);

    broken = false;
    const [letter] = await all();
    await db.transaction((tx) => letters.requeue(tx, letter?.id as string));
    for (const { payload } of [...jobs, ...jobs]) await publish(payload);

    await expect.poll(() => handled, { timeout: 5_000 }).toEqual(['repaired']);
    await consumer.stop();
    expect(handled).toEqual(['repaired']);
    expect(await all()).toEqual([]);
  });
});
