import { Postgres, sql } from '@emporium/postgres';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from './test-database.ts';
import { testStandby } from './test-standby.ts';

const standby = await testStandby();

describe('a standby per spec file', () => {
  const db = testDatabase('standby');
  let copy: Postgres;
  const notes = (where: Postgres) => where.query(sql`select id from notes order by id`);

  beforeAll(async () => {
    await db.define('create table notes (id int)');
    await standby.caughtUp();
    copy = new Postgres({ url: standby.urlOf(db), applicationName: 'copy', min: 0 });
  });
  afterEach(() => db.execute(sql`delete from notes`));
  afterAll(() => copy.close());

  it('shows what is written, and refuses to write', async () => {
    await db.execute(sql`insert into notes values (1)`);
    await standby.caughtUp();

    expect(await notes(copy)).toEqual([{ id: 1 }]);
    await expect(copy.execute(sql`insert into notes values (2)`)).rejects.toMatchObject({ cause: { code: '25006' } });
  });

  it.each([
    ['is paused', () => standby.pause(), () => standby.resume()],
    ['is cut off', () => standby.cutOff(), () => standby.reconnect()],
  ])('shows the past while it %s', async (_, away, back) => {
    await standby.caughtUp();
    await away();
    await db.execute(sql`insert into notes values (1)`);

    expect([await notes(copy), await notes(db)]).toEqual([[], [{ id: 1 }]]);
    await back();
    expect(await notes(copy)).toEqual([{ id: 1 }]);
  });

  it('can be stopped and started', async () => {
    await standby.stop();
    await expect(notes(copy)).rejects.toMatchObject({ code: 'database-unavailable' });
    await db.execute(sql`insert into notes values (3)`);

    await standby.start();

    await expect.poll(() => notes(copy).catch(() => 'not yet')).toEqual([{ id: 3 }]);
  });
});
