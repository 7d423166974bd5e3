import { hashPassword, passwordNeedsRehash, verifyPassword } from '@emporium/auth';
import { Postgres, sql } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { buildServices, origin, outcomes, password, signedIn, times } from '../../test/build-services.ts';
import { migrations } from '../migrations.ts';

/** `password`, hashed with 4 MiB in place of 19. */
const cheapHash = '$argon2id$v=19$m=4096,t=2,p=1$C2U/MSvelQP4i81Dxe08vw$a1NaSktexxTBZgo75MN6Ou8kErZvLNptxnBbnBJTygA';

describe('a password whose hash was made more cheaply than today', () => {
  const db = testDatabase('outdated_hash', { migrations });
  const services = buildServices(db);
  const { accounts, sessions, passwords } = services;

  const given = async () => {
    const who = await signedIn(services);
    await db.execute(sql`update accounts set password_hash = ${cheapHash} where id = ${who.account.id}`);
    return who;
  };
  const login = (email: string, word = password) => sessions.login(email, word, origin);
  /** Begins the work while another sign-in is renewing the hash: it checks the old one, then waits for that transaction. */
  const duringRenewal = async (accountId: string, work: () => Promise<unknown>) => {
    const to = await hashPassword(password);
    let outcome: Promise<unknown[]> = Promise.resolve([]);
    await db.transaction(async (tx) => {
      await tx.execute(sql`update accounts set password_hash = ${to} where id = ${accountId}`);
      outcome = outcomes([work()]);
      await expect
        .poll(() => db.query(sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`))
        .toHaveLength(1);
    });
    return outcome;
  };
  const hashOf = async (id: string) => (await accounts.credentialsOf(id)).passwordHash;

  it('is hashed anew by a sign-in, as the same password, and the account is not changed', async () => {
    const { account } = await given();

    await login(account.email);

    const renewed = await hashOf(account.id);
    expect(passwordNeedsRehash(renewed)).toBe(false);
    expect(await verifyPassword(renewed, password)).toBe(true);
    expect(await accounts.get(account.id)).toEqual(account);
    expect(await outcomes([login(account.email)])).toEqual(['done']);
    expect(await hashOf(account.id)).toBe(renewed);
  });

  it('stays as it is after a wrong guess', async () => {
    const { account } = await given();

    expect(await outcomes([login(account.email, 'a wrong password of some length')])).toEqual(['wrong-credentials']);

    expect(await hashOf(account.id)).toBe(cheapHash);
  });

  it('opens the door to twelve devices at once, while one of them renews the hash', async () => {
    const { account } = await given();

    expect(await outcomes(times(12, () => login(account.email)))).toEqual(times(12, () => 'done'));

    expect(passwordNeedsRehash(await hashOf(account.id))).toBe(false);
  });

  it('opens the door, and can be changed, when somebody else renewed its hash since it was checked', async () => {
    const change = { currentPassword: password, newPassword: 'a lighthouse made of cork' };
    const [first, second] = [await given(), await given()];

    expect(await duringRenewal(first.account.id, () => login(first.account.email))).toEqual(['done']);
    expect(
      await duringRenewal(second.account.id, () =>
        passwords.change({ accountId: second.account.id, sessionId: second.sessionId }, change, origin),
      ),
    ).toEqual(['done']);

    expect(await outcomes([login(second.account.email, change.newPassword)])).toEqual(['done']);
  });

  it('lets people in all the same when it cannot be renewed at once', async () => {
    const { account } = await given();
    const hasty = new Postgres({ url: db.url, applicationName: 'hasty', lockTimeoutMs: 100 });

    await db.transaction(async (tx) => {
      await tx.execute(sql`select 1 from accounts where id = ${account.id} for share`);
      await buildServices(hasty).sessions.login(account.email, password, origin);
    });
    await hasty.close();

    expect(await hashOf(account.id)).toBe(cheapHash);
    expect(await outcomes([login(account.email)])).toEqual(['done']);
    expect(await hashOf(account.id)).not.toBe(cheapHash);
  });
});
