import { randomUUID } from 'node:crypto';
import { AppError } from '@emporium/errors';
import { sql } from '@emporium/postgres';
import { silentLogger } from '@emporium/telemetry';
import { testDatabase } from '@emporium/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { GivenUpJobs, Jobs, type JobWorker, startWorker, type Task } from './index.ts';

describe('jobs that were given up', () => {
  const db = testDatabase('given_up_jobs', { jobs: true });
  const jobs = new Jobs();
  const givenUp = new GivenUpJobs('order');
  const workers: JobWorker[] = [];

  const start = async (task: Task) => {
    workers.push(await startWorker({ postgres: db, tasks: { task }, pollIntervalMs: 50, logger: silentLogger }));
  };
  const fail = () => Promise.reject(new Error('broken'));
  const all = () => givenUp.list(db, { limit: 100 });
  const waiting = () => db.query<{ id: string }>(sql`select id from graphile_worker.jobs`);
  const runAgain = (id: string) => db.transaction((tx) => givenUp.runAgain(tx, id));
  const given = async (names: readonly string[]) => {
    for (const name of names) await jobs.add(db, 'task', { name }, { key: name, maxAttempts: 1 });
    await db.execute(sql`
      update graphile_worker._private_jobs
         set attempts = 1, last_error = 'Error: broken', updated_at = '2026-11-01T00:00:00.123456Z'::timestamptz + id * interval '1 hour'
    `);
  };

  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.stop()));
    await db.execute(sql`delete from graphile_worker._private_jobs`);
  });

  it('say what they were, how often they failed and why, in a line', async () => {
    await start(() => Promise.reject(new AppError('unavailable', 'shelf-away', 'No shelf at http://shelf:80.\n  at x')));
    await jobs.add(db, 'task', {}, { key: 'order-1', maxAttempts: 1 });

    await expect.poll(all).toEqual([
      {
        id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/),
        task: 'task',
        key: 'order-1',
        attempts: 1,
        error: 'shelf-away: No shelf at [address]',
        failedAt: expect.any(Date),
      },
    ]);
    expect(await givenUp.count(db)).toBe(1);
  });

  it('are only those that no worker will take: not one that waits, nor one whose key a later one took over', async () => {
    await start(async () => {
      await jobs.add(db, 'task', {}, { key: 'order-1', delayMs: 60_000 });
      throw new Error('the later one does it');
    });
    await jobs.add(db, 'task', {}, { key: 'order-1', maxAttempts: 1 });

    await expect.poll(async () => (await waiting()).length).toBe(2);
    await expect.poll(() => db.query(sql`select id from graphile_worker.jobs where last_error is not null`)).toHaveLength(1);
    expect(await all()).toEqual([]);
    expect(await givenUp.count(db)).toBe(0);
  });

  it('come in pages, latest first, each once, also those of one moment', async () => {
    await given(['a', 'b', 'c', 'd', 'e']);
    await db.execute(
      sql`update graphile_worker._private_jobs set updated_at = '2026-11-01T00:00:00.123456Z' where key in ('b', 'c')`,
    );

    const seen: (string | null)[] = [];
    let after: { at: Date; id: string } | undefined;
    do {
      const [job] = await givenUp.list(db, { limit: 1, after });
      after = job && { at: job.failedAt, id: job.id };
      if (job !== undefined) seen.push(job.key);
    } while (after !== undefined && seen.length < 10);

    expect(seen).toEqual(['e', 'd', 'a', 'c', 'b']);
  });

  it('run again with all their attempts', async () => {
    await given(['a']);
    const [job] = await all();

    expect(await runAgain(job?.id.toUpperCase() ?? '')).toMatchObject({
      task: 'task',
      key: 'a',
      attempts: 1,
      error: 'Error: broken',
    });
    expect(await all()).toEqual([]);

    const ran: unknown[] = [];
    await start(async (payload, { attempts }) => void ran.push([payload, attempts]));
    await expect.poll(() => ran).toEqual([[{ name: 'a' }, 1]]);
    await expect.poll(waiting).toEqual([]);
  });

  it('come back once when they fail again', async () => {
    await given(['a']);
    const [job] = await all();
    await runAgain(job?.id ?? '');

    await start(fail);

    await expect.poll(all).toHaveLength(1);
    expect((await all())[0]).toMatchObject({ id: job?.id, attempts: 1 });
  });

  it('are run again by one of ten who ask at once', async () => {
    await given(['a']);
    const [job] = await all();

    const results = await Promise.allSettled(Array.from({ length: 10 }, () => runAgain(job?.id ?? '')));

    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'dead-letter-not-found' });
  });

  it('are not found under an id of nothing, of another service, or of a job that still runs by itself', async () => {
    await given(['a']);
    const [job] = await all();
    const elsewhere = await new GivenUpJobs('payment').list(db, { limit: 1 });
    await jobs.add(db, 'task', {}, { delayMs: 60_000 });
    const [, later] = await db.query<{ id: string }>(sql`select id from graphile_worker.jobs order by id`);
    const idOfLater = `${job?.id.slice(0, 24)}${Number(later?.id).toString(16).padStart(12, '0')}`;

    expect(elsewhere[0]?.id).not.toBe(job?.id);
    for (const id of [randomUUID(), elsewhere[0]?.id ?? '', idOfLater, `${job?.id.slice(0, 24)}ffffffffffff`]) {
      await expect(runAgain(id)).rejects.toMatchObject({ kind: 'not-found', code: 'dead-letter-not-found' });
    }
    expect(await all()).toHaveLength(1);
  });
});
