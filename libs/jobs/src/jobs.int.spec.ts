import { sql } from '@emporium/postgres';
import { silentLogger } from '@emporium/telemetry';
import { testDatabase } from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Jobs, type JobWorker, startWorker, type WorkerOptions } from './index.ts';

describe('jobs', () => {
  const db = testDatabase('jobs', { jobs: true });
  const jobs = new Jobs();
  const workers: JobWorker[] = [];
  let ran: unknown[] = [];

  const record = async (payload: unknown) => {
    ran.push(payload);
  };
  const start = async (options: Partial<WorkerOptions> = {}) => {
    const worker = await startWorker({ postgres: db, tasks: { record }, pollIntervalMs: 50, logger: silentLogger, ...options });
    workers.push(worker);
    return worker;
  };
  const waiting = () =>
    db.query(sql`select task_identifier, key, run_at, attempts, max_attempts, queue_name from graphile_worker.jobs`);

  beforeEach(() => {
    ran = [];
  });

  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.stop()));
    await db.execute(sql`delete from graphile_worker._private_jobs`);
  });

  it('run as the application role, with the payload they were added with', async () => {
    await start();
    await jobs.add(db, 'record', { orderId: 7, nested: { text: "it's" } });

    await expect.poll(() => ran).toEqual([{ orderId: 7, nested: { text: "it's" } }]);
    await expect.poll(waiting).toEqual([]);
  });

  it('never run when their transaction is rolled back', async () => {
    await start();
    const failing = db.transaction(async (tx) => {
      await jobs.add(tx, 'record', { n: 'phantom' });
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');

    await db.transaction((tx) => jobs.add(tx, 'record', { n: 'real' }));

    await expect.poll(() => ran).toEqual([{ n: 'real' }]);
    await expect.poll(waiting).toEqual([]);
    expect(ran).toEqual([{ n: 'real' }]);
  });

  it('run although their transaction commits after that of later ones', async () => {
    await start();
    let mayCommit: () => void = () => undefined;
    const held = new Promise<void>((resolve) => {
      mayCommit = resolve;
    });
    const early = db.transaction(async (tx) => {
      await jobs.add(tx, 'record', { n: 'begun first' });
      await held;
    });
    await db.transaction((tx) => jobs.add(tx, 'record', { n: 'begun later' }));
    await expect.poll(() => ran).toEqual([{ n: 'begun later' }]);

    mayCommit();
    await early;

    await expect.poll(() => ran).toEqual([{ n: 'begun later' }, { n: 'begun first' }]);
  });

  it('start without waiting for the next poll', async () => {
    await start({ pollIntervalMs: 60_000 });
    await expect.poll(() => listeners()).toBeGreaterThan(0);

    await jobs.add(db, 'record', { n: 1 });

    await expect.poll(() => ran, { timeout: 5_000 }).toEqual([{ n: 1 }]);
  });

  it('wait for their time, given as a date or as a delay', async () => {
    await jobs.add(db, 'record', { n: 'date' }, { runAt: new Date(Date.now() + 400) });
    await jobs.add(db, 'record', { n: 'delay' }, { delayMs: 200 });
    await jobs.add(db, 'record', { n: 'now' });
    await start({ concurrency: 1 });

    await expect.poll(() => ran, { timeout: 5_000 }).toEqual([{ n: 'now' }, { n: 'delay' }, { n: 'date' }]);
  });

  it('wait at most once per key, and the last word counts', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, n) => jobs.add(db, 'record', { n }, { key: 'same', delayMs: 60_000 })));
    await jobs.add(db, 'record', { n: 'last' }, { key: 'same' });

    expect(await waiting()).toHaveLength(1);
    await start();
    await expect.poll(() => ran).toEqual([{ n: 'last' }]);
  });

  it('keep their time when asked to', async () => {
    const runAt = new Date('2050-01-01T00:00:00Z');
    await jobs.add(db, 'record', { n: 1 }, { key: 'timed', runAt });
    await jobs.add(db, 'record', { n: 2 }, { key: 'timed', keyMode: 'preserve_run_at' });

    expect(await waiting()).toEqual([expect.objectContaining({ key: 'timed', run_at: runAt })]);
  });

  it('can be taken back by key, in a transaction', async () => {
    await jobs.add(db, 'record', { n: 1 }, { key: 'unwanted' });
    await db.transaction((tx) => jobs.remove(tx, 'unwanted'));
    await jobs.remove(db, 'never-was');

    expect(await waiting()).toEqual([]);
  });

  it('carry their queue and their number of attempts', async () => {
    await jobs.add(db, 'record', {}, { queue: 'mail', maxAttempts: 3 });
    await jobs.add(db, 'record', {});

    expect(await waiting()).toEqual([
      expect.objectContaining({ queue_name: 'mail', max_attempts: 3 }),
      expect.objectContaining({ queue_name: null, max_attempts: 25 }),
    ]);
  });

  it('of one queue run one after the other', async () => {
    let running = 0;
    let most = 0;
    const count = async () => {
      running += 1;
      most = Math.max(most, running);
      await db.query(sql`select pg_sleep(0.02)`);
      running -= 1;
      ran.push('done');
    };
    for (let n = 0; n < 8; n += 1) await jobs.add(db, 'count', {}, { queue: 'single' });
    await start({ tasks: { count } });

    await expect.poll(() => ran.length, { timeout: 10_000 }).toBe(8);
    expect(most).toBe(1);
  });

  it('are shared out: two workers run each job once', async () => {
    await Promise.all([start(), start()]);
    await Promise.all(Array.from({ length: 60 }, (_, n) => jobs.add(db, 'record', { n })));

    await expect.poll(() => ran.length, { timeout: 10_000 }).toBe(60);
    expect(new Set(ran.map((payload) => JSON.stringify(payload))).size).toBe(60);
  });

  it('leave a task nobody here knows to those who know it', async () => {
    await jobs.add(db, 'unknown', {});
    await jobs.add(db, 'record', { n: 1 });
    await start();

    await expect.poll(() => ran).toEqual([{ n: 1 }]);
    await expect.poll(waiting).toEqual([expect.objectContaining({ task_identifier: 'unknown', attempts: 0 })]);
  });

  const listeners = async () => {
    const rows = await db.query<{ n: number }>(sql`
      select count(*)::int as n from pg_stat_activity where datname = current_database() and query like 'LISTEN%'
    `);
    return rows[0]?.n ?? 0;
  };
});
