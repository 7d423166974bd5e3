import type { Postgres } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { forgiving } from './forgiving-pool.ts';

type Pool = Postgres['pool'];

interface Connected {
  readonly client: NonNullable<Parameters<Parameters<Pool['connect']>[0]>[1]>;
  readonly release: () => void;
}

describe('the pool that graphile-worker gets', () => {
  const db = testDatabase('forgiving_pool');
  const connected = (pool: Pool) =>
    new Promise<Connected>((resolve, reject) => {
      pool.connect((error, client, release) => (client === undefined ? reject(error) : resolve({ client, release })));
    });

  it('takes a client back once, however often it is given back', async () => {
    const { client, release } = await connected(forgiving(db.pool));
    expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);

    release();
    release();

    expect(db.stats()).toMatchObject({ waiting: 0, idle: db.stats().total });
  });

  it('is needed as long as the pool itself refuses that', async () => {
    const { release } = await connected(db.pool);

    release();

    expect(release).toThrow('already been released');
  });

  it('is the pool in everything else', async () => {
    const pool = forgiving(db.pool);

    expect((await pool.query('select 2 as two')).rows).toEqual([{ two: 2 }]);
    const { client, release } = await connected(pool);
    await client.query('select 3');
    expect(pool.totalCount).toBe(db.pool.totalCount);
    release();
  });
});
