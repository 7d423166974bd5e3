import { sql } from '@emporium/postgres';
import { silentLogger } from '@emporium/telemetry';
import { testDatabase } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { Jobs, startWorker } from './index.ts';
import { liveJobs } from './live-jobs.ts';

describe('the jobs that somebody still works on', () => {
  const db = testDatabase('live_jobs', { jobs: true });
  const jobs = new Jobs();

  it('are those that wait, run or will be tried again, and not those that were given up', async () => {
    for (const key of ['waits', 'failed-once', 'given-up', 'runs-for-the-last-time']) {
      await jobs.add(db, 'work', {}, { key, delayMs: 60_000, maxAttempts: 2 });
    }
    const change = (key: string, to: string, lockedAt: string | null) =>
      db.execute(
        sql`update graphile_worker._private_jobs set attempts = ${to}::int, locked_at = ${lockedAt}::timestamptz where key = ${key}`,
      );
    await change('failed-once', '1', null);
    await change('given-up', '2', null);
    await change('runs-for-the-last-time', '2', new Date().toISOString());

    const live = await liveJobs(db, ['waits', 'failed-once', 'given-up', 'runs-for-the-last-time', 'never added']);

    expect([...live].sort()).toEqual(['failed-once', 'runs-for-the-last-time', 'waits']);
    await db.execute(sql`delete from graphile_worker._private_jobs`);
  });

  it('stay alive while they run', async () => {
    const seen: boolean[] = [];
    const look = async () => void seen.push((await liveJobs(db, ['look'])).has('look'));
    const worker = await startWorker({ postgres: db, tasks: { look }, pollIntervalMs: 50, logger: silentLogger });

    await jobs.add(db, 'look', {}, { key: 'look' });

    await expect.poll(() => seen, { timeout: 10_000 }).toEqual([true]);
    await expect.poll(async () => (await liveJobs(db, ['look'])).size).toBe(0);
    await worker.stop();
  });
});
