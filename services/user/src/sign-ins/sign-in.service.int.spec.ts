import { verifyPassword } from '@emporium/auth';
import { sql } from '@emporium/postgres';
import { runInContext } from '@emporium/telemetry';
import { testDatabase } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { buildServices, lockout, newEmail, origin, outcomes, password, signedIn, times } from '../../test/build-services.ts';
import { migrations } from '../migrations.ts';

const wrong = 'a wrong password of some length';

describe('guessing passwords', () => {
  const db = testDatabase('sign_ins', { migrations });
  const services = buildServices(db);
  const { sessions } = services;

  const guess = (email: string, word = wrong) => sessions.login(email, word, origin);
  const failTimes = async (email: string, count: number) => {
    for (let failed = 0; failed < count; failed += 1) await outcomes([guess(email)]);
  };
  const endWaits = () => db.execute(sql`update sign_in_attempts set locked_until = now() where locked_until is not null`);
  const failures = async () =>
    (await db.query<{ failures: number }>(sql`select max(failures) as failures from sign_in_attempts`))[0]?.failures;

  it('is answered alike whether there is such an account or not', async () => {
    const { account } = await signedIn(services);

    const [known, unknown] = await Promise.allSettled([guess(account.email), guess(newEmail())]);

    expect(known).toMatchObject({ status: 'rejected', reason: { code: 'wrong-credentials' } });
    expect((unknown as PromiseRejectedResult).reason.message).toBe((known as PromiseRejectedResult).reason.message);
  });

  it('locks known and unknown addresses after the same number of failures', async () => {
    const { account } = await signedIn(services);
    const emails = [account.email, newEmail()];

    const answers = await Promise.all(
      emails.map(async (email) => {
        await failTimes(email, lockout.freeFailures);
        return outcomes([guess(email, password)]);
      }),
    );

    expect(answers).toEqual([['sign-in-locked'], ['sign-in-locked']]);
    await expect(guess(account.email)).rejects.toMatchObject({ kind: 'too-many-requests', retryAfterSeconds: 60 });
  });

  it('lets one of twenty guesses at once through when a wait is over, and the next wait is longer', async () => {
    await db.execute(sql`delete from sign_in_attempts`);
    const { account } = await signedIn(services);
    await failTimes(account.email, lockout.freeFailures);
    await endWaits();

    const results = await outcomes(times(20, () => guess(account.email)));

    expect(results.filter((result) => result === 'wrong-credentials')).toHaveLength(1);
    expect(results.filter((result) => result === 'sign-in-locked')).toHaveLength(19);
    await expect(guess(account.email)).rejects.toMatchObject({ retryAfterSeconds: 120 });
  });

  it('counts every one of ten wrong guesses at once', async () => {
    await db.execute(sql`delete from sign_in_attempts`);
    const email = newEmail();

    await outcomes(times(10, () => guess(email)));

    expect(await failures()).toBe(10);
  });

  it('starts from nothing after a right password', async () => {
    await db.execute(sql`delete from sign_in_attempts`);
    const { account } = await signedIn(services);
    await failTimes(account.email, lockout.freeFailures);
    await endWaits();

    await expect(guess(account.email, password)).resolves.toBeDefined();

    expect(await failures()).toBeNull();
  });

  it('lets people sign in on twenty devices at once', async () => {
    const { account } = await signedIn(services);

    expect(await outcomes(times(20, () => guess(account.email, password)))).toEqual(times(20, () => 'done'));
    expect(await sessions.list({ accountId: account.id, limit: 100 })).toHaveLength(21);
  });

  it('gives a guess back that was turned away for lack of capacity', async () => {
    await db.execute(sql`delete from sign_in_attempts`);
    const { account } = await signedIn(services);
    await failTimes(account.email, lockout.freeFailures);
    await endWaits();
    // More than are hashed and may wait at a time: see createPasswordHasher.
    const crowd = Promise.allSettled(times(150, () => verifyPassword(undefined, wrong)));

    expect(await outcomes([guess(account.email, password)])).toEqual(['sign-in-busy']);
    await crowd;

    await expect(guess(account.email, password)).resolves.toBeDefined();
  });

  it('leaves the line when nobody waits for the answer any more, and gives the guess back', async () => {
    await db.execute(sql`delete from sign_in_attempts`);
    const { account } = await signedIn(services);
    await failTimes(account.email, lockout.freeFailures);
    await endWaits();
    const crowd = Promise.allSettled(times(95, () => verifyPassword(undefined, wrong)));
    const hurried = () => runInContext({ requestId: 'r-2', deadline: Date.now() + 300 }, () => guess(account.email, password));

    expect(await outcomes([hurried()])).toEqual(['sign-in-late']);
    await crowd;

    await expect(guess(account.email, password)).resolves.toBeDefined();
  });

  it('is written down, without what was typed into the address field', async () => {
    const { account } = await signedIn(services);
    await failTimes(account.email, lockout.freeFailures);
    const typed = newEmail();
    await failTimes(typed, 1);

    const rows = await db.query<{ outcome: string; client_address: string; user_agent: string; request_id: string }>(
      sql`select outcome, client_address, user_agent, request_id from sign_ins where account_id = ${account.id} order by id`,
    );
    const [unknown] = await db.query<{ text: string }>(sql`select s::text as text from sign_ins s order by id desc limit 1`);

    expect(rows.map(({ outcome }) => outcome)).toEqual(['succeeded', 'failed', 'failed', 'failed', 'locked']);
    expect(rows[0]).toMatchObject({ client_address: '192.0.2.7', user_agent: 'spec', request_id: 'r-1' });
    expect(unknown?.text).toContain('failed');
    expect(unknown?.text).not.toContain(typed);
  });
});
