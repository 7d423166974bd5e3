import { Postgres, sql } from '@emporium/postgres';
import { silentLogger } from '@emporium/telemetry';
import { tcpProxy, testDatabase } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { Jobs, startWorker } from './index.ts';

describe('a job whose worker never heard that it got it', () => {
  const db = testDatabase('lost_reply', { jobs: true });

  it('is run within seconds, although that worker lives', async () => {
    const proxy = await tcpProxy(db.url);
    const postgres = new Postgres({ url: proxy.url, applicationName: 'behind-proxy', min: 0 });
    const ran: unknown[] = [];
    const record = async (payload: unknown) => void ran.push(payload);
    const timing = { pollIntervalMs: 50, heartbeatMs: 50, leaseMs: 1_000 };
    const worker = await startWorker({ postgres, tasks: { record }, logger: silentLogger, ...timing });
    const jobs = new Jobs();
    const lockedBy = async () =>
      (await db.query<{ locked_by: string | null }>(sql`select locked_by from graphile_worker.jobs`))[0]?.locked_by;
    try {
      await jobs.add(db, 'record', { n: 1 });
      await expect.poll(() => ran).toHaveLength(1);

      proxy.slow(300);
      await jobs.add(db, 'record', { n: 2 });
      await expect.poll(lockedBy, { timeout: 10_000, interval: 5 }).toEqual(expect.any(String));
      // What took the job is on its way back.
      proxy.resume();

      await expect.poll(() => ran.length, { timeout: 10_000 }).toBe(2);
    } finally {
      await worker.stop();
      await postgres.close();
      await proxy.close();
    }
  });
});
