import { randomUUID } from 'node:crypto';
import { publishTask } from '@emporium/events';
import { Jobs } from '@emporium/jobs';
import { sql } from '@emporium/postgres';
import { testDatabase, testKeys, testRedis } from '@emporium/testing';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { migrations, tested } from '../../test/busy.service.ts';
import { startTiny, type TinyProcess } from '../../test/tiny.process.ts';

describe('a process that is told to end while jobs and events keep it busy', { timeout: 60_000 }, () => {
  const db = testDatabase('process_end_busy', { migrations, jobs: true });
  const store = testRedis();
  let busy: TinyProcess;

  beforeAll(() => db.define('create table effects (id int generated always as identity, name text not null)'));
  beforeEach(async () => {
    await db.execute(sql`delete from effects`);
    busy = await startTiny({ DATABASE_URL: db.url, REDIS_URL: store.url }, testKeys(), './busy/main.ts');
  });
  afterEach(() => void busy.child.kill('SIGKILL'));

  const effects = async () => (await db.query<{ name: string }>(sql`select name from effects`)).map(({ name }) => name).sort();
  const began = (names: string[]) => expect.poll(effects, { timeout: 20_000, interval: 20 }).toEqual(names);
  const addJob = (name: string) => new Jobs().add(db, name, {});
  const publish = (text: string) =>
    publishTask(
      store.redis,
      db,
    )({ id: randomUUID(), type: tested.type, key: text, occurredAt: new Date().toISOString(), data: { text } });
  const end = async (): Promise<{ code: number | null; ms: number }> => {
    const startedAt = performance.now();
    busy.child.kill('SIGTERM');
    const code = await busy.exitCode;
    return { code, ms: performance.now() - startedAt };
  };

  it('finishes both and exits with 0', async () => {
    await addJob('long');
    await publish('event');
    await began(['event began', 'job began']);

    const { code, ms } = await end();

    expect(code).toBe(0);
    expect(ms).toBeLessThan(15_000);
    expect(await effects()).toEqual(['event began', 'event ended', 'job began', 'job ended']);
    expect(await db.query(sql`select id from graphile_worker.jobs where task_identifier = 'long'`)).toEqual([]);
    expect((await store.redis.xpending('product.events', 'product'))[0]).toBe(0);
  });

  it('hands a job that never ends back to others and exits with 0 in time', async () => {
    await addJob('endless');
    await began(['endless began']);

    const { code, ms } = await end();

    expect(code).toBe(0);
    expect(ms).toBeLessThan(15_000);
    const left = await db.query(sql`select locked_at from graphile_worker.jobs where task_identifier = 'endless'`);
    expect(left).toEqual([{ locked_at: null }]);
    await db.execute(sql`delete from graphile_worker._private_jobs`);
  });
});
