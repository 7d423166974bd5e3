import { exclusively, Postgres, sql } from '@emporium/postgres';
import { currentContext, currentTraceparent, registry, silentLogger } from '@emporium/telemetry';
import { recordingLogger, type TestDatabase, testDatabase, testTracing } from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Jobs, type JobWorker, startWorker, type TaskContext, type WorkerOptions } from './index.ts';

describe('a worker', () => {
  const db = testDatabase('worker', { jobs: true });
  const tracing = testTracing();
  const jobs = new Jobs();
  const workers: JobWorker[] = [];
  let ran: unknown[] = [];

  const record = async (payload: unknown) => {
    ran.push(payload);
  };
  const start = async (options: Partial<WorkerOptions> = {}) => {
    const worker = await startWorker({
      postgres: db,
      tasks: { record },
      pollIntervalMs: 50,
      heartbeatMs: 50,
      leaseMs: 1_000,
      logger: silentLogger,
      ...options,
    });
    workers.push(worker);
    return worker;
  };
  const locked = async () =>
    (await db.query<{ n: number }>(sql`select count(*)::int as n from graphile_worker.jobs where locked_by is not null`))[0]?.n;
  const endConnections = async (applicationName: string) => {
    await exclusively(db.adminUrl, (client) =>
      client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and application_name = $2', [
        db.database,
        applicationName,
      ]),
    );
  };

  beforeEach(() => {
    ran = [];
  });

  afterEach(async () => {
    await Promise.all(workers.splice(0).map((worker) => worker.stop()));
    await db.execute(sql`delete from graphile_worker._private_jobs`);
    await db.execute(sql`delete from job_workers`);
  });

  it('waits for running jobs when it is stopped, and takes no more', async () => {
    const release = gate();
    const slow = async (payload: unknown) => {
      await release.opened;
      ran.push(payload);
    };
    const worker = await start({ tasks: { slow }, concurrency: 1 });
    await jobs.add(db, 'slow', { n: 1 });
    await jobs.add(db, 'slow', { n: 2 });
    await expect.poll(locked).toBe(1);

    const stopping = worker.stop();
    expect(ran).toEqual([]);
    release.open();
    await stopping;

    expect(ran).toEqual([{ n: 1 }]);
    expect(await locked()).toBe(0);
    expect(await db.query(sql`select id from job_workers`)).toEqual([]);
  });

  it('aborts the signal of a job that does not end, and hands the job back at once', async () => {
    let context: TaskContext | undefined;
    const never = gate();
    const stuck = async (_payload: unknown, given: TaskContext) => {
      context = given;
      await never.opened;
    };
    const worker = await start({ tasks: { stuck }, drainMs: 300 });
    await jobs.add(db, 'stuck', { n: 1 });
    await expect.poll(locked).toBe(1);

    await worker.stop();

    expect(context?.signal.aborted).toBe(true);
    expect(await locked()).toBe(0);
    await start({ tasks: { stuck: record } });
    await expect.poll(() => ran).toEqual([{ n: 1 }]);
    never.open();
  });

  it('may be stopped more than once', async () => {
    const worker = await start();

    await Promise.all([worker.stop(), worker.stop()]);

    expect(worker.healthy()).toBe(false);
  });

  it('is healthy while it is heard of and runs, and not after it stopped', async () => {
    const worker = await start();
    await expect.poll(() => worker.healthy()).toBe(true);

    await worker.stop();

    expect(worker.healthy()).toBe(false);
  });

  it('tries a failed job again, tells the task so, and logs every failure once', async () => {
    const log = recordingLogger();
    const attempts: number[] = [];
    const flaky = async (_payload: unknown, context: TaskContext) => {
      attempts.push(context.attempts);
      if (context.attempts === 1) throw new Error('not yet');
    };
    await start({ tasks: { flaky }, logger: log.logger });
    await jobs.add(db, 'flaky', {});
    await expect.poll(() => attempts).toEqual([1]);
    await expect.poll(locked).toBe(0);

    await db.execute(sql`update graphile_worker._private_jobs set run_at = now()`);

    await expect.poll(() => attempts).toEqual([1, 2]);
    expect(log.lines.filter(({ message }) => message.includes('job '))).toEqual([
      expect.objectContaining({ level: 'info', message: 'job worker started' }),
      {
        level: 'warn',
        message: 'job retried',
        fields: expect.objectContaining({ task: 'flaky', attempts: 1, error: new Error('not yet') }),
      },
    ]);
  });

  it('gives up after the last attempt, as an error someone must see', async () => {
    const log = recordingLogger();
    const hopeless = async () => {
      throw new Error('never');
    };
    await start({ tasks: { hopeless }, logger: log.logger });
    await jobs.add(db, 'hopeless', {}, { maxAttempts: 1 });

    await expect.poll(() => log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
    expect(await registry.metrics()).toMatch(/emporium_jobs_finished_total{[^}]*task="hopeless",outcome="given-up"[^}]*} 1/);
  });

  it('runs a job in the context of the request that caused it', async () => {
    const seen: unknown[] = [];
    const look = async () => {
      seen.push(currentContext()?.requestId);
    };
    await start({ tasks: { look }, concurrency: 1 });
    await jobs.add(db, 'look', { requestId: 'request-1' });
    await jobs.add(db, 'look', { requestId: 5 });
    await jobs.add(db, 'look', []);

    await expect.poll(() => seen).toEqual(['request-1', expect.stringMatching(/^job-\d+$/), expect.stringMatching(/^job-\d+$/)]);
  });

  it('runs a job in the trace of the request that added it, and leaves the payload of others as it was', async () => {
    const traces = new Map<unknown, string | undefined>();
    const look = async (payload: unknown) => void traces.set(payload, currentTraceparent());
    await start({ tasks: { look }, concurrency: 1 });

    const request = await tracing.inRequest(async (context) => {
      await jobs.add(db, 'look', { n: 1 });
      await jobs.add(db, 'look', [2]);
      return context;
    });
    await jobs.add(db, 'look', { n: 3 });

    await expect.poll(() => traces.size).toBe(3);
    const [first, ...others] = [...traces];
    expect(first?.[0]).toEqual({ n: 1, traceparent: `00-${request.traceId}-${request.spanId}-01` });
    expect(first?.[1]).toContain(request.traceId);
    expect(others).toEqual([
      [[2], undefined],
      [{ n: 3 }, undefined],
    ]);
    await expect
      .poll(() => tracing.spans())
      .toContainEqual({ name: 'job look', traceId: request.traceId, parentSpanId: request.spanId, failed: false });
  });

  it('takes a crontab, and refuses one that says nothing sensible', async () => {
    await start({ crontab: '* * * * * record ?max=1&fill=2m {"by":"cron"}' });

    await expect
      .poll(() => db.query(sql`select identifier from graphile_worker._private_known_crontabs`))
      .toEqual([{ identifier: 'record' }]);
    await expect(start({ crontab: 'every day at noon' })).rejects.toThrow();
  });

  it('takes over the jobs of a worker that is heard of no more', async () => {
    await jobs.add(db, 'record', { n: 1 });
    await db.execute(sql`insert into job_workers values ('pool-dead', now() - interval '1 minute')`);
    await db.execute(
      sql`update graphile_worker._private_jobs set locked_by = 'pool-dead', locked_at = now() - interval '1 minute'`,
    );

    await start();

    await expect.poll(() => ran, { timeout: 5_000 }).toEqual([{ n: 1 }]);
  });

  it('takes over the jobs of a worker that died before its first heart beat', async () => {
    await jobs.add(db, 'record', { n: 1 });
    await db.execute(
      sql`update graphile_worker._private_jobs set locked_by = 'pool-unborn', locked_at = now() - interval '1 minute'`,
    );

    await start();

    await expect.poll(() => ran, { timeout: 5_000 }).toEqual([{ n: 1 }]);
  });

  it('leaves the jobs of a living worker alone, however long they run', async () => {
    const release = gate();
    const long = async (payload: unknown) => {
      ran.push(payload);
      await release.opened;
    };
    await start({ tasks: { long } });
    await jobs.add(db, 'long', { n: 1 });
    await expect.poll(() => ran).toHaveLength(1);

    await start({ tasks: { long } });
    await db.query(sql`select pg_sleep(2.5)`);

    expect(ran).toHaveLength(1);
    release.open();
  });

  it('survives the end of its connections and goes on', async () => {
    const worker = await start();
    await expect.poll(() => worker.healthy()).toBe(true);

    await endConnections('jobs');
    await jobs.add(db, 'record', { n: 'after' });

    await expect.poll(() => ran, { timeout: 10_000 }).toEqual([{ n: 'after' }]);
    await expect.poll(() => worker.healthy()).toBe(true);
  });

  it('starts another life when it could not write down the end of a job, and the job is run again', async () => {
    const release = gate();
    const once = async (payload: unknown) => {
      ran.push(payload);
      if (ran.length === 1) await release.opened;
    };
    const worker = await start({ tasks: { once } });
    await jobs.add(db, 'once', { n: 1 });
    await expect.poll(() => ran).toHaveLength(1);

    await db.define(`
      create function refuse() returns trigger language plpgsql as $$ begin raise exception 'no'; end $$;
      create trigger refuse before delete on graphile_worker._private_jobs execute function refuse();
    `);
    release.open();
    await expect.poll(() => worker.healthy()).toBe(false);
    await db.define('drop trigger refuse on graphile_worker._private_jobs; drop function refuse');

    await expect.poll(() => ran, { timeout: 10_000 }).toEqual([{ n: 1 }, { n: 1 }]);
    await expect.poll(() => worker.healthy()).toBe(true);
  });

  it('starts without a database, is unhealthy, and stops', async () => {
    const nowhere = new Postgres({ url: 'postgresql://nobody:x@127.0.0.1:1/none', applicationName: 'nowhere' });
    const log = recordingLogger();
    const worker = await start({ postgres: nowhere, logger: log.logger });

    expect(worker.healthy()).toBe(false);
    await expect.poll(() => log.lines.filter(({ message }) => message === 'job worker cannot start').length).toBeGreaterThan(1);
    await worker.stop();
    await nowhere.close();
  });

  it('becomes unhealthy when the database goes away, and healthy when it is back', async () => {
    const worker = await start();
    await expect.poll(() => worker.healthy()).toBe(true);
    await allowConnections(db, false);
    await expect.poll(() => worker.healthy(), { timeout: 5_000 }).toBe(false);
    await allowConnections(db, true);

    await expect.poll(() => worker.healthy(), { timeout: 10_000 }).toBe(true);
  });
});

/** Away for everyone, as in a restart of the server: nobody gets in, and who is in is thrown out. */
async function allowConnections(db: TestDatabase, allowed: boolean): Promise<void> {
  const url = new URL(db.adminUrl);
  url.pathname = '/postgres';
  await exclusively(url.href, async (client) => {
    await client.query(`alter database ${db.database} allow_connections ${allowed}`);
    if (allowed) return;
    await client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [db.database]);
  });
}

function gate(): { opened: Promise<void>; open: () => void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}
