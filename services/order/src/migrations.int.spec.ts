import { migrate } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { migrations } from './migrations.ts';

describe('the migrations', () => {
  const db = testDatabase('order_migrations', { migrations });
  const own = migrations.filter((set) => set.name === 'order');

  it('go down to nothing and up again', async () => {
    const down = await migrate({ url: db.ownerUrl, migrations: own, direction: 'down', count: 3 });
    const up = await migrate({ url: db.ownerUrl, migrations: own, direction: 'up' });

    expect(down).toHaveLength(3);
    expect([...up].reverse()).toEqual(down);
  });
});
