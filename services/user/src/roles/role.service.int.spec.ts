import { sql } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { buildServices, origin, outcomes, signedIn } from '../../test/build-services.ts';
import { migrations } from '../migrations.ts';

describe('changing a role', () => {
  const db = testDatabase('roles', { migrations });
  const services = buildServices(db);
  const { roles, sessions } = services;

  const admins = async () =>
    (await db.query<{ id: string }>(sql`select id from accounts where role = 'admin'`)).map(({ id }) => id);
  const leaveNoAdmin = () => db.execute(sql`update accounts set role = 'customer' where role = 'admin'`);

  it('ends the sessions of that person, and of nobody else', async () => {
    const [changed, other] = [await signedIn(services), await signedIn(services)];

    expect(await roles.change(changed.account.id, 'support')).toMatchObject({ id: changed.account.id, role: 'support' });

    expect(await sessions.list({ accountId: changed.account.id, limit: 10 })).toEqual([]);
    expect(await outcomes([sessions.refresh(changed.tokens.refreshToken, origin)])).toEqual(['invalid-refresh-token']);
    expect(await sessions.list({ accountId: other.account.id, limit: 10 })).toHaveLength(1);
  });

  it('to what it is already ends nothing', async () => {
    const { account } = await signedIn(services);

    await roles.change(account.id, 'customer');

    expect(await sessions.list({ accountId: account.id, limit: 10 })).toHaveLength(1);
  });

  it('never takes away the last administrator, even when two demote each other at once', async () => {
    for (let round = 0; round < 5; round += 1) {
      await leaveNoAdmin();
      const [one, two] = [await signedIn(services), await signedIn(services)];
      await roles.change(one.account.id, 'admin');
      await roles.change(two.account.id, 'admin');

      const results = await outcomes([roles.change(two.account.id, 'customer'), roles.change(one.account.id, 'customer')]);

      expect(results.sort()).toEqual(['done', 'last-admin']);
      expect(await admins()).toHaveLength(1);
    }
  });

  it('needs somebody to give it to', async () => {
    await expect(roles.change('00000000-0000-4000-8000-000000000000', 'admin')).rejects.toMatchObject({
      code: 'account-not-found',
    });
  });
});
