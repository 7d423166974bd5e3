import { testDatabase } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { buildServices, newEmail, outcomes, password, times } from '../../test/build-services.ts';
import { migrations } from '../migrations.ts';

describe('accounts', () => {
  const db = testDatabase('accounts', { migrations });
  const { accounts } = buildServices(db);

  it('lets exactly one of twenty sign-ups with one address win', async () => {
    const email = newEmail();
    const spellings = [email, email.toUpperCase(), ` ${email} `];

    const results = await outcomes(
      times(20, (index) => accounts.register({ email: spellings[index % 3] ?? email, password, name: 'Grace' })),
    );

    expect(results.filter((result) => result === 'done')).toHaveLength(1);
    expect(results.filter((result) => result === 'email-taken')).toHaveLength(19);
  });

  it('keeps no password, only its hash', async () => {
    const { id, email } = await accounts.register({ email: newEmail(), password, name: 'Grace' });

    const credentials = await accounts.findCredentials(email.toUpperCase());

    expect(credentials?.account.id).toBe(id);
    expect(credentials?.passwordHash).toMatch(/^\$argon2id\$/);
  });

  it('names the field of a refused password', async () => {
    const register = accounts.register({ email: newEmail(), password: 'too short', name: 'Grace' });

    await expect(register).rejects.toMatchObject({ kind: 'invalid', errors: [{ field: 'password' }] });
  });

  it('finds nobody where nobody is', async () => {
    const id = '00000000-0000-4000-8000-000000000000';

    await expect(accounts.get(id)).rejects.toMatchObject({ code: 'account-not-found' });
    await expect(accounts.credentialsOf(id)).rejects.toMatchObject({ code: 'account-not-found' });
    await expect(accounts.rename(id, 'Ada')).rejects.toMatchObject({ code: 'account-not-found' });
    await expect(db.transaction((tx) => accounts.lock(tx, id))).rejects.toMatchObject({ code: 'account-not-found' });
    await expect(db.transaction((tx) => accounts.changeRole(tx, id, 'admin'))).rejects.toMatchObject({
      code: 'account-not-found',
    });
  });

  it('lists by the beginning of an address, in which nothing is a pattern', async () => {
    const mine = newEmail();
    await accounts.register({ email: mine, password, name: 'Grace' });

    expect(await accounts.list({ emailPrefix: mine.slice(0, 12), limit: 10 })).toMatchObject([{ email: mine }]);
    expect(await accounts.list({ emailPrefix: '%', limit: 10 })).toEqual([]);
    expect(await accounts.list({ emailPrefix: '_', limit: 10 })).toEqual([]);
    expect(await accounts.list({ emailPrefix: '\\', limit: 10 })).toEqual([]);
  });
});
