import { randomUUID } from 'node:crypto';
import { AppError } from '@emporium/errors';
import { sql } from '@emporium/postgres';
import { runInContext } from '@emporium/telemetry';
import { testDatabase } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { fingerprint, Idempotency, idempotencyMigrations, type StoredAnswer } from './index.ts';

const lease = { leaseMs: 10_000 };
const over = { leaseMs: -1 };

describe('an idempotency key', () => {
  const db = testDatabase('idempotency', { migrations: [idempotencyMigrations] });
  const idempotency = new Idempotency(db);
  const scope = 'user-1:POST /v1/orders';
  const print = fingerprint({ items: [1] });
  const answer = { status: 201, body: { id: 7, b: 1, a: [null, 'é'] } };

  it('is new until it is claimed, then in progress, then answered', async () => {
    const key = randomUUID();

    expect(await idempotency.find(db, scope, key, print)).toEqual({ kind: 'new' });
    expect(await idempotency.claim(db, scope, key, print, lease)).toBe(true);
    await expect(idempotency.find(db, scope, key, print)).rejects.toMatchObject({
      kind: 'conflict',
      code: 'in-progress',
      retryAfterSeconds: 1,
    });
    expect(await idempotency.complete(db, scope, key, answer)).toBe(true);
    expect(await idempotency.find(db, scope, key, print)).toEqual({ kind: 'done', ...answer });
  });

  it('belongs to its user and route', async () => {
    const key = randomUUID();
    await idempotency.claim(db, scope, key, print, lease);

    expect(await idempotency.find(db, 'user-2:POST /v1/orders', key, print)).toEqual({ kind: 'new' });
  });

  it('is refused for another request, whether the first is running or done', async () => {
    const key = randomUUID();
    const other = fingerprint({ items: [2] });
    await idempotency.claim(db, scope, key, print, lease);

    await expect(idempotency.find(db, scope, key, other)).rejects.toMatchObject({
      kind: 'unprocessable',
      code: 'idempotency-key-reused',
    });
    await idempotency.complete(db, scope, key, answer);
    await expect(idempotency.find(db, scope, key, other)).rejects.toMatchObject({ code: 'idempotency-key-reused' });
  });

  it('lets one of fifty racers write what it claims the key for, in the same statement', async () => {
    const key = randomUUID();
    await db.define('create table made (key text not null)');
    const make = () => sql`
      with claimed as (${idempotency.claiming(scope, key, print, lease)}) insert into made (key) select ${key} from claimed
    `;

    const made = await Promise.all(Array.from({ length: 50 }, () => db.execute(make())));

    expect(made.reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(await db.query(sql`select 1 from made`)).toHaveLength(1);
  });

  it('keeps an answer with what makes it true, once, and not without that', async () => {
    const key = randomUUID();
    await idempotency.claim(db, scope, key, print, lease);
    const keep = (source: string, told: StoredAnswer) =>
      db.execute(idempotency.completing(scope, key, told, sql`(select where ${source} = 'moved') moved`));

    expect(await keep('not moved', answer)).toBe(0);
    await expect(idempotency.find(db, scope, key, print)).rejects.toMatchObject({ code: 'in-progress' });
    expect(await keep('moved', answer)).toBe(1);
    expect(await keep('moved', { status: 500, body: 'another' })).toBe(0);
    expect(await idempotency.find(db, scope, key, print)).toEqual({ kind: 'done', ...answer });
  });

  it('is claimed once by fifty racers', async () => {
    const key = randomUUID();

    const claims = await Promise.all(Array.from({ length: 50 }, () => idempotency.claim(db, scope, key, print, lease)));

    expect(claims.filter(Boolean)).toHaveLength(1);
  });

  it('is not claimed when the transaction of the claim is rolled back', async () => {
    const key = randomUUID();
    const failing = db.transaction(async (tx) => {
      await idempotency.claim(tx, scope, key, print, lease);
      throw new Error('no');
    });

    await expect(failing).rejects.toThrow('no');
    expect(await idempotency.find(db, scope, key, print)).toEqual({ kind: 'new' });
  });

  it('is stale when its lease is over, names what was begun, and is taken over by one of twenty racers', async () => {
    const key = randomUUID();
    const resourceId = randomUUID();
    await idempotency.claim(db, scope, key, print, { ...over, resourceId });
    expect(await idempotency.find(db, scope, key, print)).toEqual({ kind: 'stale', resourceId });

    const takeovers = await Promise.all(Array.from({ length: 20 }, () => idempotency.reclaim(db, scope, key, print, lease)));

    expect(takeovers.filter(Boolean)).toHaveLength(1);
    await expect(idempotency.find(db, scope, key, print)).rejects.toMatchObject({ code: 'in-progress' });
  });

  it('may be stale without a resource, and be given one by who takes over', async () => {
    const key = randomUUID();
    const resourceId = randomUUID();
    await idempotency.claim(db, scope, key, print, over);
    expect(await idempotency.find(db, scope, key, print)).toEqual({ kind: 'stale', resourceId: undefined });

    await idempotency.reclaim(db, scope, key, print, { ...over, resourceId });

    expect(await idempotency.find(db, scope, key, print)).toEqual({ kind: 'stale', resourceId });
  });

  it('is neither taken over while leased nor after it was answered', async () => {
    const key = randomUUID();
    await idempotency.claim(db, scope, key, print, lease);
    expect(await idempotency.reclaim(db, scope, key, print, lease)).toBe(false);

    await idempotency.complete(db, scope, key, answer);

    expect(await idempotency.reclaim(db, scope, key, print, lease)).toBe(false);
    expect(await idempotency.claim(db, scope, key, print, lease)).toBe(false);
  });

  it('keeps its first answer', async () => {
    const key = randomUUID();
    await idempotency.claim(db, scope, key, print, lease);
    await idempotency.complete(db, scope, key, answer);

    expect(await idempotency.complete(db, scope, key, { status: 500, body: 'late' })).toBe(false);
    await idempotency.release(db, scope, key);

    expect(await idempotency.find(db, scope, key, print)).toEqual({ kind: 'done', ...answer });
  });

  it('can be used again after it was released', async () => {
    const key = randomUUID();
    await idempotency.claim(db, scope, key, print, lease);
    await idempotency.release(db, scope, key);

    expect(await idempotency.claim(db, scope, key, fingerprint('other'), lease)).toBe(true);
  });

  it('is forgotten after 72 hours, and may then mean another request', async () => {
    const [old, young] = [randomUUID(), randomUUID()];
    for (const key of [old, young]) {
      await idempotency.claim(db, scope, key, print, lease);
      await idempotency.complete(db, scope, key, answer);
    }
    const [kept] = await db.query(
      sql`select extract(epoch from expires_at - created_at)::int / 3600 as hours from idempotency_keys where key = ${old}`,
    );
    expect(kept).toEqual({ hours: 72 });
    await db.execute(sql`update idempotency_keys set expires_at = now() where key = ${old}`);

    expect(await idempotency.find(db, scope, old, fingerprint('other'))).toEqual({ kind: 'new' });
    expect(await idempotency.claim(db, scope, old, fingerprint('other'), lease)).toBe(true);
    expect(await idempotency.find(db, scope, young, print)).toMatchObject({ kind: 'done' });
  });

  it('is purged with all other expired ones, and only with those', async () => {
    const key = randomUUID();
    await idempotency.claim(db, scope, key, print, lease);
    await db.execute(sql`
      insert into idempotency_keys (scope, key, fingerprint, status, locked_until, expires_at)
      select 'purge', n::text, 'f', 'started', now(), now() from generate_series(1, 2500) n
    `);

    expect(await idempotency.purge(db)).toBe(2_500);

    expect(await idempotency.purge(db)).toBe(0);
    await expect(idempotency.find(db, scope, key, print)).rejects.toMatchObject({ code: 'in-progress' });
  });

  describe('in its simple form', () => {
    it('lets fifty racers do the work once; each gets the answer or is asked to wait', async () => {
      const key = randomUUID();
      let done = 0;
      const work = async () => {
        done += 1;
        await db.query(sql`select pg_sleep(0.05)`);
        return answer;
      };

      const outcomes = await Promise.allSettled(
        Array.from({ length: 50 }, () => idempotency.run(scope, key, print, work, lease)),
      );

      expect(done).toBe(1);
      const answers = outcomes.filter((outcome) => outcome.status === 'fulfilled').map(({ value }) => value);
      const refusals = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => reason.code);
      expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
      expect(answers.every(({ status }) => status === 201)).toBe(true);
      expect(refusals.every((code) => code === 'in-progress')).toBe(true);
      expect(answers.length + refusals.length).toBe(50);
      expect(await idempotency.run(scope, key, print, work, lease)).toEqual({ ...answer, replayed: true });
    });

    it('replays the answer letter by letter', async () => {
      const key = randomUUID();
      await idempotency.run(scope, key, print, async () => answer, lease);

      const { body } = await idempotency.run(scope, key, print, async () => answer, lease);

      expect(JSON.stringify(body)).toBe(JSON.stringify(answer.body));
    });

    it('stores an answer without a body', async () => {
      const key = randomUUID();
      await idempotency.run(scope, key, print, async () => ({ status: 204, body: undefined }), lease);

      expect(await idempotency.run(scope, key, print, async () => answer, lease)).toEqual({
        status: 204,
        body: null,
        replayed: true,
      });
    });

    it('frees the key when the work says that nothing was done', async () => {
      const key = randomUUID();
      const refuse = () => Promise.reject(new AppError('unavailable', 'down', 'Down.'));

      await expect(idempotency.run(scope, key, print, refuse, lease)).rejects.toMatchObject({ code: 'down' });

      expect(await idempotency.run(scope, key, print, async () => answer, lease)).toEqual({ ...answer, replayed: false });
    });

    it('keeps the key when the outcome is open, and does the work again after the lease', async () => {
      const key = randomUUID();
      const crash = () => Promise.reject(new TypeError('bug'));
      await expect(idempotency.run(scope, key, print, crash, { leaseMs: 300 })).rejects.toThrow('bug');
      await expect(idempotency.run(scope, key, print, async () => answer, lease)).rejects.toMatchObject({ code: 'in-progress' });

      await expect
        .poll(() => idempotency.run(scope, key, print, async () => answer, lease).catch((error: AppError) => error.code))
        .toEqual({ ...answer, replayed: false });
    });

    it('gives a doer that was too slow the answer of the one that took over', async () => {
      const key = randomUUID();
      const slow = async () => {
        await idempotency.run(scope, key, print, async () => answer, lease);
        return { status: 201, body: 'second order' };
      };

      expect(await idempotency.run(scope, key, print, slow, over)).toEqual({ ...answer, replayed: true });
    });

    it('does not let a doer that was too slow free the key of the one that took over', async () => {
      const key = randomUUID();
      const slow = async () => {
        await idempotency.reclaim(db, scope, key, print, lease);
        throw new AppError('timeout', 'slow', 'Slow.');
      };

      await expect(idempotency.run(scope, key, print, slow, over)).rejects.toMatchObject({ code: 'slow' });

      await expect(idempotency.find(db, scope, key, print)).rejects.toMatchObject({ code: 'in-progress' });
    });

    it('stores the answer, or frees the key, of work that outlived its request', async () => {
      const [answered, refused] = [randomUUID(), randomUUID()];
      const deadline = Date.now() + 200;
      const outlive = async () => {
        await expect.poll(() => Date.now()).toBeGreaterThan(deadline);
        return answer;
      };
      const refuse = async () => {
        await outlive();
        throw new AppError('conflict', 'refused', 'Refused.');
      };
      const run = (key: string, work: () => Promise<StoredAnswer>) =>
        runInContext({ requestId: 'r', deadline }, () => idempotency.run(scope, key, print, work, lease));

      const [first, second] = await Promise.allSettled([run(answered, outlive), run(refused, refuse)]);

      expect(first).toMatchObject({ status: 'fulfilled', value: { ...answer, replayed: false } });
      expect(second).toMatchObject({ status: 'rejected', reason: { code: 'refused' } });
      expect(await idempotency.find(db, scope, answered, print)).toMatchObject({ kind: 'done' });
      expect(await idempotency.find(db, scope, refused, print)).toEqual({ kind: 'new' });
    });

    it('tells of the first failure when the key cannot be freed either', async () => {
      const closed = db.sibling({ applicationName: 'closed', max: 1, min: 0 });
      const failing = new Idempotency(closed);
      const work = async () => {
        await closed.close();
        throw new AppError('unavailable', 'first', 'First.');
      };

      await expect(failing.run(scope, randomUUID(), print, work, lease)).rejects.toMatchObject({ code: 'first' });
    });
  });
});
