import { randomUUID } from 'node:crypto';
import { defineConfig } from '@emporium/config';
import type { DeadLetterListResponse, DeadLetterResponse } from '@emporium/contracts';
import { idempotencyMigrations } from '@emporium/idempotency';
import { Jobs } from '@emporium/jobs';
import { sql } from '@emporium/postgres';
import { registry } from '@emporium/telemetry';
import { startApp, type TestApp, testDatabase, testRedis } from '@emporium/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { busyModule, Everything, loadBusyConfig, migrations, Notes, tested } from '../../test/busy.service.ts';
import { databaseConfig, PlatformModule, platformConfig, type ServiceConfig } from '../index.ts';
import { DeadLetterService } from './dead-letter.service.ts';

const path = '/v1/admin/dead-letters';
const admin = { as: { role: 'admin' as const } };

describe('the dead letters of a service', () => {
  const db = testDatabase('dead_letters_of_service', { migrations, jobs: true });
  const store = testRedis();
  let app: TestApp;

  beforeAll(async () => {
    const environment = { DATABASE_URL: db.url, REDIS_URL: store.url };
    app = await startApp({ name: 'product', module: busyModule, config: loadBusyConfig, environment });
  });
  afterAll(() => app.close());
  beforeEach(async () => {
    await db.execute(sql`delete from dead_letters`);
    await db.execute(sql`delete from graphile_worker._private_jobs`);
    app.get(Notes).lines.splice(0);
  });

  const list = async (query = ''): Promise<DeadLetterListResponse> => (await app.request('GET', `${path}${query}`, admin)).body;
  const requeue = (id: string) => app.request('POST', `${path}/${id}/requeue`, admin);
  const eventually = <T>(read: () => Promise<T> | T) => expect.poll(read, { timeout: 10_000, interval: 50 });
  const envelopeOf = (text: unknown) => ({
    ...{ id: randomUUID(), type: tested.type, key: 'order-1', occurredAt: new Date().toISOString() },
    data: { text },
  });
  /** Straight to the stream, as nobody here would send it. */
  const send = (text: string) => store.redis.xadd('product.events', '*', 'envelope', text);
  const parked = async (text: string): Promise<DeadLetterResponse> => {
    await send(text);
    await eventually(async () => (await list()).items).toHaveLength(1);
    return (await list()).items[0] as DeadLetterResponse;
  };
  const givenUpJob = async (task: string, payload: object = {}): Promise<void> => {
    const { jobs, postgres } = app.get(Everything);
    await jobs.add(postgres, task, payload, { maxAttempts: 1, key: `${task}:order-1`, delayMs: 60_000 });
    await db.execute(sql`update graphile_worker._private_jobs set attempts = max_attempts, last_error = 'Error: no'`);
  };

  it('show an event nobody could handle: what it was about and why, and its data', async () => {
    const envelope = envelopeOf(42);

    const letter = await parked(JSON.stringify(envelope));

    expect(letter).toEqual({
      id: expect.any(String),
      service: 'product',
      kind: 'event',
      type: 'product.tested.v1',
      eventId: envelope.id,
      subject: 'order-1',
      attempts: 1,
      error: expect.stringMatching(/^ZodError: text: /),
      failedAt: expect.any(String),
      data: { text: 42 },
    });
  });

  it('show what is no event, without its text, and do not send it again', async () => {
    const letter = await parked('no event of ada@example.com');

    expect(letter).toMatchObject({ kind: 'event', type: 'unreadable', eventId: null, subject: null, data: null });
    expect(JSON.stringify(letter)).not.toContain('ada@');
    expect(await requeue(letter.id)).toMatchObject({ status: 422, body: { code: 'dead-letter-unreadable' } });
    expect((await list()).items).toEqual([letter]);
  });

  it('show a job that failed for good, and have it run again', async () => {
    await givenUpJob('note', { text: 'again' });
    const [job] = (await list()).items;
    expect(job).toMatchObject({
      ...{ service: 'product', kind: 'job', type: 'note', subject: 'note:order-1', eventId: null },
      ...{ attempts: 1, error: 'Error: no', data: null },
    });

    const answer = await requeue(job?.id ?? '');

    expect(answer).toMatchObject({ status: 202, body: job });
    await eventually(() => app.get(Notes).lines).toHaveLength(1);
    expect((await list()).items).toEqual([]);
  });

  it('are sent again and handled when the cause is gone, and come back once when it is not', async () => {
    const broken = await parked(JSON.stringify(envelopeOf(42)));
    const mended = envelopeOf('mended');
    await db.execute(sql`update dead_letters set envelope = ${JSON.stringify(mended)}, event_id = ${mended.id}`);

    expect((await requeue(broken.id)).status).toBe(202);
    await eventually(() => app.get(Notes).lines).toContainEqual({ heard: 'mended' });
    expect((await list()).items).toEqual([]);

    const hopeless = await parked(JSON.stringify(envelopeOf(43)));
    expect((await requeue(hopeless.id)).status).toBe(202);
    await eventually(async () => (await list()).items.map(({ eventId }) => eventId)).toEqual([hopeless.eventId]);
  });

  it('are sent again by one of ten who ask at once', async () => {
    await givenUpJob('note', { text: 'once' });
    const [job] = (await list()).items;

    const answers = await Promise.all(Array.from({ length: 10 }, () => requeue(job?.id ?? '')));

    expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array(9).fill(404)]);
    await eventually(() => app.get(Notes).lines).toHaveLength(1);
  });

  it('come in pages over both kinds, latest first, each once', async () => {
    for (let index = 0; index < 3; index += 1) {
      await db.execute(sql`
        insert into dead_letters (group_name, stream, event_id, type, envelope, error, tries, parked_at)
        values ('product', 'product.events', ${String(index)}, 'unreadable', 'x', 'Error: no', 5, '2026-11-01T00:00:00Z'::timestamptz + ${2 * index}::int * interval '1 s')
      `);
      await db.execute(sql`
        insert into graphile_worker._private_jobs (task_id, attempts, max_attempts, key, updated_at)
        select t.id, 1, 1, ${`job-${index}`}, '2026-11-01T00:00:00Z'::timestamptz + ${2 * index + 1}::int * interval '1 s'
          from graphile_worker._private_tasks t where t.identifier = 'note'
      `);
    }

    const seen: DeadLetterResponse[] = [];
    let cursor: string | null = '';
    while (cursor !== null && seen.length < 20) {
      const page: DeadLetterListResponse = await list(`?limit=4${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...page.items);
      cursor = page.nextCursor;
    }

    expect(cursor).toBeNull();
    expect(seen.map(({ kind }) => kind)).toEqual(['job', 'event', 'job', 'event', 'job', 'event']);
    expect(seen.map(({ failedAt }) => failedAt)).toEqual(
      seen
        .map(({ failedAt }) => failedAt)
        .sort()
        .reverse(),
    );
    expect(new Set(seen.map(({ id }) => id)).size).toBe(6);
  });

  it.each(['?limit=0', '?limit=101', '?limit=x', '?cursor=nonsense'])('refuse %s', async (query) => {
    expect(await app.request('GET', `${path}${query}`, admin)).toMatchObject({ status: 400 });
  });

  it('are for administrators: 401 to nobody, 403 to all others, before anything else is looked at', async () => {
    for (const [method, address] of [
      ['GET', `${path}?limit=0`],
      ['POST', `${path}/x/requeue`],
    ] as const) {
      expect((await app.request(method, address)).status).toBe(401);
      for (const role of ['customer', 'support'] as const)
        expect((await app.request(method, address, { as: { role } })).status).toBe(403);
    }
    expect((await requeue('x')).status).toBe(400);
    expect((await requeue(randomUUID())).status).toBe(404);
  });

  it('are counted', async () => {
    await givenUpJob('note');
    await db.execute(sql`
      insert into dead_letters (group_name, stream, event_id, type, envelope, error, tries)
      select 'product', 'product.events', n::text, 'unreadable', 'x', 'Error: no', 5 from generate_series(1, 3) as n
    `);

    await app.get(DeadLetterService).count();

    const metrics = await registry.metrics();
    expect(metrics).toMatch(/emporium_dead_letters{[^}]*kind="event"[^}]*} 3/);
    expect(metrics).toMatch(/emporium_dead_letters{[^}]*kind="job"[^}]*} 1/);
    expect(metrics).toMatch(/emporium_dead_letters_requeued_total{[^}]*kind="job"[^}]*} \d/);
  });
});

describe('the dead letters of a service without events', () => {
  const db = testDatabase('dead_letters_without_events', { migrations: [idempotencyMigrations], jobs: true });

  it('are its jobs', async () => {
    const app = await startApp({
      name: 'user',
      module: (config: ServiceConfig) => ({
        module: class Root {},
        imports: [PlatformModule.with(config, { name: 'user', postgres: true, jobs: [] })],
      }),
      config: defineConfig({ ...platformConfig({ port: 3999, managementPort: 9999 }), ...databaseConfig() }),
      environment: { DATABASE_URL: db.url },
    });
    await app.get(Jobs).add(db, 'purge-idempotency-keys', {}, { maxAttempts: 1, delayMs: 60_000 });
    await db.execute(sql`update graphile_worker._private_jobs set attempts = max_attempts where task_id is not null`);

    const { status, body } = await app.request('GET', path, admin);

    expect(status).toBe(200);
    expect(body.items).toMatchObject([{ service: 'user', kind: 'job', error: 'Every run ended with its process.' }]);
    expect((await app.request('POST', `${path}/${randomUUID()}/requeue`, admin)).status).toBe(404);
    await expect(app.get(DeadLetterService).count()).resolves.toBeUndefined();
    await app.close();
  });
});
