import { registry } from '@emporium/telemetry';
import { recordingLogger, tcpProxy, testDatabase, testStandby } from '@emporium/testing';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Postgres } from './postgres.ts';
import type { Queryable } from './queryable.ts';
import { Replica, type ReplicaOptions } from './replica.ts';
import { sql } from './sql.ts';

const standby = await testStandby();

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a replica', { timeout: 60_000 }, () => {
  const db = testDatabase('replica');
  let replica: Replica;
  let log: ReturnType<typeof recordingLogger>;

  const open = (options: Partial<ReplicaOptions> = {}) => {
    log = recordingLogger();
    replica = new Replica(db, { url: standby.urlOf(db), applicationName: 'spec-replica', logger: log.logger, ...options });
  };
  const isUsed = () => expect.poll(() => replica.isUsed, { timeout: 10_000, interval: 5 });
  const messages = () => log.lines.map(({ message }) => message);
  const changes = () => messages().filter((message) => message.startsWith('the replica is'));
  const answeredBy = async () => {
    const [row] = await replica.query<{ standby: boolean }>(sql`select pg_is_in_recovery() as standby`);
    return row?.standby ? 'replica' : 'primary';
  };
  /** A machine that is busy may stand still for so long that a replica is not read for a moment. */
  const readAgain = () => expect.poll(answeredBy, { timeout: 10_000 }).toBe('replica');
  const write = () => db.execute(sql`insert into notes values (1)`);
  const notes = async () => (await replica.query(sql`select id from notes`)).length;
  const metric = async (name: string) => {
    const { values = [] } = (await registry.getSingleMetric(`emporium_postgres_replica_${name}`)?.get()) ?? {};
    return values.filter(({ labels }) => labels.pool === 'spec-replica');
  };

  beforeAll(() => db.define('create table notes (id int); create table doomed (id int); insert into doomed values (1)'));
  beforeEach(() => db.execute(sql`delete from notes`).then(() => standby.caughtUp()));
  afterEach(async () => {
    await replica.close();
    await standby.resume();
  });

  it('answers as it was while it is no further behind than it may be', async () => {
    open({ maxLagMs: 60_000 });
    await isUsed().toBe(true);
    await standby.pause();
    await write();

    expect(await notes()).toBe(0);
    expect(await replica.transaction(async (tx) => (await tx.query(sql`select id from notes`)).length)).toBe(0);
    expect((await db.query(sql`select id from notes`)).length).toBe(1);
  });

  it('is not read once it is further behind, and again when it has caught up', async () => {
    open({ maxLagMs: 300 });
    await isUsed().toBe(true);
    await standby.pause();
    await write();
    const writtenAt = performance.now();

    // Whatever is answered later than the bound knows what was written.
    const answers: { ms: number; notes: number }[] = [];
    while (performance.now() - writtenAt < 1_500) {
      const ms = performance.now() - writtenAt;
      answers.push({ ms, notes: await notes() });
    }
    expect(answers.filter(({ ms }) => ms > 300).length).toBeGreaterThan(50);
    expect(answers.filter((answer) => answer.ms > 300 && answer.notes !== 1)).toEqual([]);
    expect(await answeredBy()).toBe('primary');
    expect((await metric('lag_seconds'))[0]?.value).toBeGreaterThan(0.9);

    await standby.resume();
    await readAgain();
    const [read, notRead] = ['the replica is read', 'the replica is not read; the primary is asked for everything'];
    expect(changes().slice(0, 3)).toEqual([read, notRead, read]);
    expect(await metric('used')).toHaveLength(1);
    expect((await metric('reads_total')).map(({ labels }) => labels.by).sort()).toEqual(['primary', 'replica']);
  });

  it('is read from a primary that has nothing to write for a while', async () => {
    open({ maxLagMs: 500 });
    await isUsed().toBe(true);

    for (let longer = 0; longer < 3; longer += 1) {
      await pause(1_000);
      await readAgain();
    }
  });

  it('is not read when it is cut off from a primary that goes on writing, although it has replayed all it has', async () => {
    open({ maxLagMs: 200 });
    await isUsed().toBe(true);
    await standby.cutOff();
    await write();
    await pause(200);

    expect(await notes()).toBe(1);
    await isUsed().toBe(false);
    await standby.reconnect();
    await isUsed().toBe(true);
  });

  it('may stop and start: nobody sees an error', async () => {
    open();
    await isUsed().toBe(true);
    const outcomes = new Set<string>();
    let isOver = false;
    const readers = Array.from({ length: 8 }, async () => {
      while (!isOver) outcomes.add(await answeredBy());
    });

    await standby.stop();
    await isUsed().toBe(false);
    await pause(300);
    expect([...outcomes]).toContain('primary');
    await standby.start();
    await readAgain();
    isOver = true;

    await expect(Promise.all(readers)).resolves.toHaveLength(8);
  });

  it('that hangs is given up in time for the primary to answer', async () => {
    const proxy = await tcpProxy(standby.urlOf(db));
    try {
      open({ url: proxy.url });
      await isUsed().toBe(true);
      proxy.hang();

      const began = performance.now();
      expect(await Promise.all(Array.from({ length: 30 }, answeredBy))).toEqual(Array.from({ length: 30 }, () => 'primary'));
      expect(performance.now() - began).toBeLessThan(2_900);

      await isUsed().toBe(false);
      const later = performance.now();
      await answeredBy();
      expect(performance.now() - later).toBeLessThan(1_000);
      proxy.resume();
      await isUsed().toBe(true);
    } finally {
      await replica.close();
      await proxy.close();
    }
  });

  it('leaves to the primary what it cancels for the sake of replaying', async () => {
    open({ maxLagMs: 60_000 });
    await isUsed().toBe(true);
    const reading = replica.query<{ standby: boolean }>(
      sql`select pg_is_in_recovery() as standby, case when pg_is_in_recovery() then pg_sleep(5) end from notes right join doomed on true`,
    );
    await pause(200);
    await db.define('truncate doomed; insert into doomed values (2)');

    expect(await reading).toMatchObject([{ standby: false }]);
    expect(changes()).toEqual(['the replica is read']);
    expect(await answeredBy()).toBe('replica');
    const copy = new Postgres({ url: standby.urlOf(db), applicationName: 'copy', min: 0 });
    const conflicts = async () => {
      const ofLocks = sql`select confl_lock::int as locks from pg_stat_database_conflicts where datname = current_database()`;
      return (await copy.query<{ locks: number }>(ofLocks))[0]?.locks;
    };
    await expect.poll(conflicts, { timeout: 5_000 }).toBe(1);
    await copy.close();
  });

  it('has to be a standby: a server that takes writes may be another database by now', async () => {
    open({ url: db.url, maxLagMs: 100 });
    await isUsed().toBe(false);
    await pause(200);

    expect(replica.isUsed).toBe(false);
    expect(await answeredBy()).toBe('primary');
  });

  it('writes nothing, by its type and in its sessions', async () => {
    open();
    await isUsed().toBe(true);
    const count = (where: Queryable) => where.query(sql`select 1`);
    // @ts-expect-error what counts is not read from a replica
    expect(await count(replica)).toHaveLength(1);
    expect('execute' in replica).toBe(false);
    const insert = sql`insert into notes values (1) returning id`;
    const readOnly = { cause: { code: '25006' } };
    // A primary by mistake.
    const mistaken = new Postgres({ url: db.url, applicationName: 'mistaken', min: 0, readOnly: true });

    await expect(replica.query(insert)).rejects.toMatchObject(readOnly);
    await expect(replica.transaction((tx) => tx.query(insert))).rejects.toMatchObject(readOnly);
    await expect(mistaken.query(insert)).rejects.toMatchObject(readOnly);
    await mistaken.close();
    expect(await db.query(sql`select id from notes`)).toEqual([]);
  });

  it('is the primary where there is none', async () => {
    replica = new Replica(db);

    expect([replica.isUsed, await answeredBy()]).toEqual([undefined, 'primary']);
  });
});
