import { type ChildProcess, spawn } from 'node:child_process';
import { sql } from '@emporium/postgres';
import { silentLogger } from '@emporium/telemetry';
import { testDatabase } from '@emporium/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { Jobs, type JobWorker, startWorker } from './index.ts';

const program = `
  import { Postgres } from '@emporium/postgres';
  import { startWorker } from '@emporium/jobs';
  import { silentLogger } from '@emporium/telemetry';
  const postgres = new Postgres({ url: process.argv[1], applicationName: 'victim' });
  const tasks = { record: () => new Promise(() => setInterval(() => undefined, 1000)) };
  await startWorker({ postgres, tasks, logger: silentLogger });
`;

describe('a job whose process is killed', () => {
  const db = testDatabase('killed_worker', { jobs: true });
  let worker: JobWorker | undefined;
  let victim: ChildProcess | undefined;

  afterEach(async () => {
    victim?.kill('SIGKILL');
    await worker?.stop();
  });

  it.each([{}, { queue: 'single' }])('is run by another one within seconds, with the default lease (%o)', async (options) => {
    victim = spawn(
      process.execPath,
      ['--conditions=@emporium/source', '--experimental-transform-types', '--input-type=module', '--eval', program, db.url],
      { stdio: 'inherit', cwd: import.meta.dirname },
    );
    await new Jobs().add(db, 'record', { n: 1 }, options);
    await expect.poll(() => locks(), { timeout: 15_000, interval: 100 }).toEqual([{ attempts: 1, locked: true }]);

    victim.kill('SIGKILL');
    const killedAt = performance.now();
    const ran: unknown[] = [];
    const record = async (payload: unknown) => void ran.push(payload);
    worker = await startWorker({ postgres: db, tasks: { record }, logger: silentLogger });

    await expect.poll(() => ran, { timeout: 15_000 }).toEqual([{ n: 1 }]);
    // Lease of 3 s, one beat of 0.7 s and one poll of 1 s; the rest is a busy machine.
    expect(performance.now() - killedAt).toBeLessThan(12_000);
    await worker.stop();
  });

  const locks = () => db.query(sql`select attempts, locked_by is not null as locked from graphile_worker.jobs`);
});
