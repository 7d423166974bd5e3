import { isInTransaction } from '@emporium/telemetry';
import { testDatabase } from '@emporium/testing';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Postgres } from './postgres.ts';
import type { Queryable, Transaction } from './queryable.ts';
import { sql } from './sql.ts';

describe('a transaction', () => {
  const db = testDatabase('transaction');

  beforeAll(() => db.define('create table stock (id int primary key, units int not null check (units >= 0))'));

  beforeEach(async () => {
    await db.execute(sql`delete from stock`);
    await db.execute(sql`insert into stock values (1, 10), (2, 10)`);
  });

  const units = async (id: number) =>
    (await db.query<{ units: number }>(sql`select units from stock where id = ${id}`))[0]?.units;
  const take = (tx: Queryable, id: number, n = 1) => tx.execute(sql`update stock set units = units - ${n} where id = ${id}`);

  it('keeps everything or nothing', async () => {
    await db.transaction(async (tx) => {
      await take(tx, 1);
      await take(tx, 2);
    });
    const failing = db.transaction(async (tx) => {
      await take(tx, 1);
      throw new Error('changed my mind');
    });

    await expect(failing).rejects.toThrow('changed my mind');
    expect([await units(1), await units(2)]).toEqual([9, 9]);
  });

  it('cannot be had from anywhere but `transaction`', () => {
    const write = (_tx: Transaction) => undefined;

    // @ts-expect-error a pool is not a transaction: a write outside one does not compile
    expect(write(db)).toBeUndefined();
  });

  it('does not report success when the work swallowed a failed statement', async () => {
    const swallowing = db.transaction(async (tx) => {
      await take(tx, 1);
      await take(tx, 2, 99).catch(() => 'ignored');
    });

    await expect(swallowing).rejects.toThrow(/rolled back/);
    expect(await units(1)).toBe(10);
  });

  it('is dead once its work has returned', async () => {
    let leaked: Transaction | undefined;
    await db.transaction(async (tx) => {
      leaked = tx;
    });

    await expect(leaked?.query(sql`select 1`)).rejects.toThrow('The transaction is over');
    await expect(leaked?.execute(sql`select 1`)).rejects.toThrow('The transaction is over');
  });

  it('sends statements one after the other when the work does not wait', async () => {
    const answers = await db.transaction((tx) => Promise.all([1, 2, 3].map((n) => tx.query(sql`select ${n}::int as n`))));

    expect(answers).toEqual([[{ n: 1 }], [{ n: 2 }], [{ n: 3 }]]);
  });

  it('is known to all that its work starts, so that nobody calls another service inside it', async () => {
    const inside = await db.transaction(async (tx) => {
      await tx.query(sql`select 1`);
      return isInTransaction();
    });

    expect(inside).toBe(true);
    expect(isInTransaction()).toBe(false);
  });

  it('waits for statements in flight before it rolls back', async () => {
    const failing = db.transaction((tx) => Promise.all([take(tx, 1, 99), take(tx, 2)]));

    await expect(failing).rejects.toMatchObject({ code: '23514' });
    expect(await units(2)).toBe(10);
    expect(db.stats()).toMatchObject({ waiting: 0 });
  });

  it('runs both of two deadlocked works to the end', async () => {
    let runs = 0;
    const bothHoldOne = barrier(2);
    const work = (first: number, second: number) =>
      db.transaction(async (tx) => {
        runs += 1;
        await take(tx, first);
        await bothHoldOne();
        await take(tx, second);
      });

    await Promise.all([work(1, 2), work(2, 1)]);

    expect(runs).toBeGreaterThan(2);
    expect([await units(1), await units(2)]).toEqual([8, 8]);
  });

  describe('that take rows in opposite order, with the time-outs of production', () => {
    /** Both hold their first row before either asks for its second. */
    const race = async (postgres: Postgres) => {
      const bothHoldOne = barrier(2);
      const work = (first: number, second: number) =>
        postgres.transaction(async (tx) => {
          await take(tx, first);
          await bothHoldOne();
          await take(tx, second);
        });
      return Promise.allSettled([work(1, 2), work(2, 1)]);
    };
    const open = (deadlockTimeout: string) => {
      const url = new URL(db.adminUrl);
      url.searchParams.set('options', `-c deadlock_timeout=${deadlockTimeout}`);
      return new Postgres({ url: url.href, applicationName: 'deadlock', min: 0 });
    };

    it('are told apart and run again by a server that looks for deadlocks before the lock time-out', async () => {
      const postgres = open('200ms');

      const works = [...(await race(postgres)), ...(await race(postgres)), ...(await race(postgres))];

      expect(works.filter(({ status }) => status === 'fulfilled')).toHaveLength(6);
      expect([await units(1), await units(2)]).toEqual([4, 4]);
      await postgres.close();
    });

    it('end as busy, cleanly and in time, on a server that looks later', async () => {
      const postgres = open('1min');

      const startedAt = performance.now();
      const works = await race(postgres);

      const failed = works.filter((work) => work.status === 'rejected');
      expect(failed.length).toBeGreaterThan(0);
      for (const { reason } of failed)
        expect(reason).toMatchObject({ kind: 'unavailable', code: 'database-busy', retryAfterSeconds: 1 });
      expect(performance.now() - startedAt).toBeLessThan(3_000);
      expect([await units(1), await units(2)]).toEqual([8 + failed.length, 8 + failed.length]);
      await postgres.close();
    });

    it('meet such a server in development and in these tests', async () => {
      expect(await db.query(sql`show deadlock_timeout`)).toEqual([{ deadlock_timeout: '200ms' }]);
    });
  });

  it('runs serializable works again until each has seen the other', async () => {
    // Each reads both and takes one: run side by side, two would go below the limit of 19 together.
    const work = (id: number) =>
      db.transaction(
        async (tx) => {
          const [row] = await tx.query<{ total: number }>(sql`select sum(units)::int as total from stock`);
          if ((row?.total ?? 0) <= 19) return false;
          await take(tx, id);
          return true;
        },
        { isolation: 'serializable', retries: 20 },
      );

    const done = await Promise.all(Array.from({ length: 10 }, (_, n) => work((n % 2) + 1)));

    expect(done.filter(Boolean)).toHaveLength(1);
  });

  it('gives up after the retries and calls the database busy', async () => {
    let runs = 0;
    const hopeless = db.transaction(
      async (tx) => {
        runs += 1;
        await tx.execute(sql`do $$ begin raise exception 'again' using errcode = '40001'; end $$`);
      },
      { retries: 2 },
    );

    await expect(hopeless).rejects.toMatchObject({ kind: 'unavailable', code: 'database-busy' });
    expect(runs).toBe(3);
  });

  it('does not run again what failed for another reason', async () => {
    let runs = 0;
    const failing = db.transaction(async (tx) => {
      runs += 1;
      await take(tx, 1, 99);
    });

    await expect(failing).rejects.toMatchObject({ code: '23514' });
    expect(runs).toBe(1);
  });

  it('begins as it is asked to', async () => {
    const modes = await db.transaction(
      (tx) =>
        tx.query(
          sql`select current_setting('transaction_isolation') as isolation, current_setting('transaction_read_only') as read_only`,
        ),
      { isolation: 'repeatable read', readOnly: true },
    );

    expect(modes).toEqual([{ isolation: 'repeatable read', read_only: 'on' }]);
    await expect(db.transaction((tx) => take(tx, 1), { readOnly: true })).rejects.toMatchObject({ cause: { code: '25006' } });
  });

  it('loses no update among fifty racing writers', async () => {
    await db.execute(sql`update stock set units = 100 where id = 1`);

    await Promise.all(Array.from({ length: 50 }, () => db.transaction((tx) => take(tx, 1))));

    expect(await units(1)).toBe(50);
  });
});

/** Lets nobody pass until `n` have come; open for good from then on. */
function barrier(n: number): () => Promise<void> {
  let open: () => void = () => undefined;
  let missing = n;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return () => {
    missing -= 1;
    if (missing <= 0) open();
    return opened;
  };
}
