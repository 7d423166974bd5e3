import { sql } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import {
  ageUse,
  buildServices,
  claimsOf,
  codeOf,
  origin,
  outcomes,
  password,
  sessionIdOf,
  signedIn,
  times,
} from '../../test/build-services.ts';
import { migrations } from '../migrations.ts';

describe('sessions', () => {
  const db = testDatabase('sessions', { migrations });
  const services = buildServices(db);
  const { sessions, accounts, tokens } = services;

  const unused = (sessionId: string) =>
    db.query<{ token_hash: Buffer }>(
      sql`select token_hash from refresh_tokens where session_id = ${sessionId} and used_at is null`,
    );
  const causeOf = async (sessionId: string) =>
    (await db.query<{ end_cause: string | null }>(sql`select end_cause from sessions where id = ${sessionId}`))[0]?.end_cause;
  const audit = async (accountId: string) =>
    (await db.query<{ outcome: string }>(sql`select outcome from sign_ins where account_id = ${accountId} order by id`)).map(
      ({ outcome }) => outcome,
    );

  it('name the account, its role and themselves in the access token', async () => {
    const { account, tokens: issued } = await signedIn(services);

    expect(claimsOf(issued.accessToken)).toMatchObject({ sub: account.id, role: 'customer', sid: expect.any(String) });
    expect(issued.expiresInSeconds).toBe(600);
  });

  it('store no token that a thief of the database could use', async () => {
    const { tokens: issued, sessionId } = await signedIn(services);

    const [row] = await unused(sessionId);

    expect(row?.token_hash).toEqual(tokens.hashOf(issued.refreshToken));
    expect(row?.token_hash.toString()).not.toContain(issued.refreshToken);
  });

  it('answer twenty refreshes of one token at once with one successor', async () => {
    const { tokens: issued, sessionId } = await signedIn(services);

    const answers = await Promise.all(times(20, () => sessions.refresh(issued.refreshToken, origin)));

    expect(new Set(answers.map(({ refreshToken }) => refreshToken)).size).toBe(1);
    expect(answers[0]?.refreshToken).not.toBe(issued.refreshToken);
    expect(answers.every(({ accessToken }) => sessionIdOf(accessToken) === sessionId)).toBe(true);
    expect(await unused(sessionId)).toHaveLength(1);
    expect(await causeOf(sessionId)).toBeNull();
  });

  it('answer alike from two processes', async () => {
    const { tokens: issued } = await signedIn(services);
    const elsewhere = buildServices(db).sessions;

    const [here, there] = await Promise.all([
      sessions.refresh(issued.refreshToken, origin),
      elsewhere.refresh(issued.refreshToken, origin),
    ]);

    expect(here.refreshToken).toBe(there.refreshToken);
  });

  it('refuse a repetition that a process with another key cannot answer, and go on', async () => {
    const { tokens: issued, sessionId } = await signedIn(services);
    const { refreshToken } = await sessions.refresh(issued.refreshToken, origin);

    const elsewhere = buildServices(db, 'another secret').sessions.refresh(issued.refreshToken, origin);

    await expect(elsewhere).rejects.toMatchObject({ code: 'invalid-refresh-token' });
    expect(await causeOf(sessionId)).toBeNull();
    await expect(sessions.refresh(refreshToken, origin)).resolves.toBeDefined();
  });

  it('end when a token is used again after the grace time, and write it down once', async () => {
    const { account, tokens: issued, sessionId } = await signedIn(services);
    const { refreshToken } = await sessions.refresh(issued.refreshToken, origin);
    await ageUse(db, tokens.hashOf(issued.refreshToken), 10_001);

    const thieves = await outcomes(times(5, () => sessions.refresh(issued.refreshToken, origin)));

    expect(thieves).toEqual(times(5, () => 'invalid-refresh-token'));
    await expect(sessions.refresh(refreshToken, origin)).rejects.toMatchObject({ code: 'invalid-refresh-token' });
    expect(await causeOf(sessionId)).toBe('token-reused');
    expect(await audit(account.id)).toEqual(['succeeded', 'token-reused']);
    expect((await services.revocations.since(0)).items.filter((item) => item.sessionId === sessionId)).toHaveLength(1);
  });

  it('refuse tokens nobody gave out, expired ones and those of expired sessions', async () => {
    const { tokens: issued, sessionId } = await signedIn(services);
    await db.execute(sql`update refresh_tokens set expires_at = now() where session_id = ${sessionId}`);
    const old = await signedIn(services);
    await db.execute(sql`update sessions set expires_at = now() where id = ${old.sessionId}`);

    const results = await outcomes(
      [tokens.issue(), 'nonsense', issued.refreshToken, old.tokens.refreshToken].map((token) => sessions.refresh(token, origin)),
    );

    expect(results).toEqual(times(4, () => 'invalid-refresh-token'));
  });

  it('take the role of the moment at each refresh', async () => {
    const { account, tokens: issued } = await signedIn(services);
    await db.execute(sql`update accounts set role = 'support' where id = ${account.id}`);

    const { accessToken } = await sessions.refresh(issued.refreshToken, origin);

    expect(claimsOf(accessToken).role).toBe('support');
  });

  it('stay ended when a logout races with refreshes', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { account, tokens: issued, sessionId } = await signedIn(services);

      const [, ...refreshed] = await Promise.allSettled([
        sessions.logout(account.id, sessionId),
        ...times(5, () => sessions.refresh(issued.refreshToken, origin)),
      ]);

      const won = refreshed.flatMap((result) => (result.status === 'fulfilled' ? [result.value.refreshToken] : []));
      const lost = refreshed.flatMap((result) => (result.status === 'rejected' ? [codeOf(result.reason)] : []));
      expect(lost.every((code) => code === 'invalid-refresh-token')).toBe(true);
      expect(await causeOf(sessionId)).toBe('logout');
      expect(await outcomes([...won, issued.refreshToken].map((token) => sessions.refresh(token, origin)))).not.toContain('done');
    }
  });

  it('are told as revoked, and logging out twice is no mistake', async () => {
    const { account, sessionId } = await signedIn(services);

    await Promise.all(times(5, () => sessions.logout(account.id, sessionId)));

    const { items } = await services.revocations.since(0);
    expect(items.filter((item) => item.sessionId === sessionId)).toHaveLength(1);
  });

  it("cannot be ended by somebody else, and answer as if they weren't there", async () => {
    const [mine, other] = [await signedIn(services), await signedIn(services)];

    await expect(sessions.endOne(other.account.id, mine.sessionId)).rejects.toMatchObject({ code: 'session-not-found' });
    await sessions.logout(other.account.id, mine.sessionId);

    expect(await causeOf(mine.sessionId)).toBeNull();
  });

  it('do not survive a password that changed while they were made', async () => {
    const { account } = await signedIn(services);
    const { passwordHash } = await accounts.credentialsOf(account.id);

    // The password changes in an open transaction: sign-ins with the old one pass the check and then wait for its lock.
    let login: Promise<unknown> = Promise.resolve();
    await db.transaction(async (tx) => {
      await accounts.changePassword(tx, account.id, { from: passwordHash, to: 'changed' });
      login = outcomes([sessions.login(account.email, password, origin)]);
      await expect
        .poll(() => db.query(sql`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`))
        .toHaveLength(1);
      await sessions.endAll(tx, account.id, 'password-changed');
    });

    expect(await login).toEqual(['wrong-credentials']);
    expect(await sessions.list({ accountId: account.id, limit: 10 })).toEqual([]);
  });
});
