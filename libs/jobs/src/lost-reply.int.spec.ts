import { setTimeout as sleep } from 'node:timers/promises';
import { Postgres, sql } from '@emporium/postgres';
import { silentLogger } from '@emporium/telemetry';
import { type TcpProxy, tcpProxy, testDatabase } from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Jobs, type JobWorker, startWorker } from './index.ts';

describe('a worker whose database is slow and then loses connections', () => {
  const db = testDatabase('lost_reply', { jobs: true });
  const jobs = new Jobs();
  const ran: unknown[] = [];
  let proxy: TcpProxy;
  let postgres: Postgres;
  let worker: JobWorker;

  beforeEach(async () => {
    ran.length = 0;
    proxy = await tcpProxy(db.url);
    postgres = new Postgres({ url: proxy.url, applicationName: 'behind-proxy', min: 0 });
    const tasks = { record: async (payload: unknown) => void ran.push(payload) };
    const timing = { pollIntervalMs: 50, heartbeatMs: 50, leaseMs: 1_000, drainMs: 1_000 };
    worker = await startWorker({ postgres, tasks, logger: silentLogger, ...timing });
  });
  afterEach(async () => {
    await worker.stop();
    await postgres.close();
    await proxy.close();
  });

  it('runs, within seconds, a job that it got and never heard of', async () => {
    const lockedBy = async () =>
      (await db.query<{ locked_by: string | null }>(sql`select locked_by from graphile_worker.jobs`))[0]?.locked_by;
    await jobs.add(db, 'record', { n: 1 });
    await expect.poll(() => ran).toHaveLength(1);

    proxy.slow(300);
    await jobs.add(db, 'record', { n: 2 });
    await expect.poll(lockedBy, { timeout: 10_000, interval: 5 }).toEqual(expect.any(String));
    // What took the job is on its way back.
    proxy.resume();

    await expect.poll(() => ran.length, { timeout: 10_000 }).toBe(2);
  });

  it('is alive afterwards, whatever it was doing at that moment', async () => {
    for (let round = 1; round <= 8; round += 1) {
      for (let index = 0; index < 20; index += 1) await jobs.add(db, 'record', { round, index });
      proxy.slow(100);
      // Another moment each time: a job is being taken, runs, or its end is written down.
      await sleep(150 + 70 * round);
      proxy.resume();

      const left = async () => (await db.query(sql`select id from graphile_worker.jobs`)).length;
      await expect.poll(left, { timeout: 12_000 }).toBe(0);
      await expect.poll(() => worker.healthy(), { timeout: 5_000 }).toBe(true);
    }
  }, 120_000);
});
