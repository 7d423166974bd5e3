import { testDatabase } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { buildServices, lockout, origin, outcomes, password, sessionIdOf, signedIn, times } from '../../test/build-services.ts';
import { migrations } from '../migrations.ts';

const better = 'nine violins beside the harbour';

describe('changing a password', () => {
  const db = testDatabase('passwords', { migrations });
  const services = buildServices(db);
  const { passwords, sessions, revocations } = services;

  const change = (who: { account: { id: string }; sessionId: string }, currentPassword: string, newPassword: string) =>
    passwords.change({ accountId: who.account.id, sessionId: who.sessionId }, { currentPassword, newPassword }, origin);

  it('ends every other session and keeps this one', async () => {
    const here = await signedIn(services);
    const elsewhere = await Promise.all(times(3, () => sessions.login(here.account.email, password, origin)));

    await change(here, password, better);

    const left = await sessions.list({ accountId: here.account.id, limit: 10 });
    expect(left.map(({ id }) => id)).toEqual([here.sessionId]);
    expect(await outcomes(elsewhere.map(({ refreshToken }) => sessions.refresh(refreshToken, origin)))).not.toContain('done');
    const revoked = (await revocations.since(0)).items.map(({ sessionId }) => sessionId);
    expect(revoked).toEqual(expect.arrayContaining(elsewhere.map(({ accessToken }) => sessionIdOf(accessToken))));
    expect(revoked).not.toContain(here.sessionId);
    expect(await outcomes([password, better].map((word) => sessions.login(here.account.email, word, origin)))).toEqual([
      'wrong-credentials',
      'done',
    ]);
  });

  it('names the field that is wrong', async () => {
    const here = await signedIn(services);

    await expect(change(here, better, better)).rejects.toMatchObject({ errors: [{ field: 'currentPassword' }] });
    await expect(change(here, password, 'passwordpassword')).rejects.toMatchObject({ errors: [{ field: 'newPassword' }] });
  });

  it('lets one of five changes at once win', async () => {
    const here = await signedIn(services);

    const results = await outcomes(times(5, (index) => change(here, password, `${better} ${index}`)));

    expect(results.filter((result) => result === 'done')).toHaveLength(1);
    expect(results.filter((result) => result === 'invalid-request')).toHaveLength(4);
  });

  it('is not for a session that has ended, whose access token may still look good', async () => {
    const here = await signedIn(services);
    await sessions.logout(here.account.id, here.sessionId);

    await expect(change(here, password, better)).rejects.toMatchObject({ code: 'session-ended' });

    expect(await outcomes([sessions.login(here.account.email, password, origin)])).toEqual(['done']);
  });

  it('is no way around the lockout', async () => {
    const here = await signedIn(services);
    for (let failed = 0; failed < lockout.freeFailures; failed += 1) await outcomes([change(here, better, better)]);

    expect(await outcomes([change(here, password, better)])).toEqual(['sign-in-locked']);
  });
});
