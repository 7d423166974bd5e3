import { createPublicKey, verify } from 'node:crypto';
import { jwksResponse, revocationsResponse, tokensResponse } from '@emporium/contracts/user';
import { sql } from '@emporium/postgres';
import { describe, expect, it } from 'vitest';
import { claimsOf, newEmail, password, times } from './build-services.ts';
import { userApp } from './user-app.ts';

describe('a session', () => {
  const users = userApp('user_sessions');
  const revoked = async (caller = 'gateway') => users.app.request('GET', '/internal/revocations?since=0', { caller });

  it('begins with tokens that anybody can check with the public keys', async () => {
    const { user, tokens, token } = await users.person();
    const { body: jwks, headers } = await users.app.request('GET', '/.well-known/jwks.json', { caller: null });

    const [header = '', payload = '', signature = ''] = token.split('.');
    const { kid, alg } = JSON.parse(Buffer.from(header, 'base64url').toString());
    const jwk = jwks.keys.find((key: { kid: string }) => key.kid === kid);
    const key = { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' as const };

    expect(tokensResponse.parse(tokens)).toEqual(tokens);
    expect(tokens).toMatchObject({ tokenType: 'Bearer', expiresIn: 600 });
    expect(alg).toBe('ES256');
    expect(verify('sha256', Buffer.from(`${header}.${payload}`), key, Buffer.from(signature, 'base64url'))).toBe(true);
    const claims = claimsOf(token);
    expect(claims).toMatchObject({ sub: user.id, role: 'customer', iss: 'https://emporium.example', aud: 'emporium' });
    expect(claims.exp - claims.iat).toBe(600);
    expect(jwksResponse.parse(jwks).keys.every((entry) => !('d' in entry))).toBe(true);
    expect(headers.get('cache-control')).toBe('public, max-age=300');
  });

  it('does not begin with a wrong password or an unknown address, which look alike', async () => {
    const { user } = await users.person();

    const [wrong, unknown] = [await users.login(user.email, 'wrong'), await users.login(newEmail(), 'wrong')];

    expect([wrong.status, unknown.status]).toEqual([401, 401]);
    const { requestId: _one, ...wrongBody } = wrong.body;
    const { requestId: _two, ...unknownBody } = unknown.body;
    expect(wrongBody).toEqual(unknownBody);
  });

  it('accepts a second factor nobody asked for', async () => {
    const { user } = await users.person();

    const answer = await users.call('POST', '/v1/auth/login', { body: { email: user.email, password, code: '123456' } });

    expect(answer.status).toBe(200);
  });

  it('is locked for a while after many wrong passwords, for known and unknown addresses', async () => {
    const { user } = await users.person();
    for (const email of [user.email, newEmail()]) {
      for (let failed = 0; failed < 20; failed += 1) expect((await users.login(email, 'wrong')).status).toBe(401);

      const locked = await users.login(email);

      expect(locked).toMatchObject({ status: 429, body: { code: 'sign-in-locked' } });
      expect(Number(locked.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    }
  });

  it('answers twenty refreshes at once with one successor', async () => {
    const { tokens } = await users.person();

    const answers = await Promise.all(times(20, () => users.refresh(tokens.refreshToken)));

    expect(answers.map(({ status }) => status)).toEqual(times(20, () => 200));
    expect(new Set(answers.map(({ body }) => body.refreshToken)).size).toBe(1);
    expect((await users.refresh(answers[0]?.body.refreshToken)).status).toBe(200);
  });

  it('ends when a refresh token is used again later, also for who holds the newest one', async () => {
    const { tokens, sid } = await users.person();
    const { body: next } = await users.refresh(tokens.refreshToken);
    await users.db.execute(sql`update refresh_tokens set used_at = used_at - interval '11 seconds' where session_id = ${sid}`);

    expect(await users.refresh(tokens.refreshToken)).toMatchObject({ status: 401, body: { code: 'invalid-refresh-token' } });
    expect((await users.refresh(next.refreshToken)).status).toBe(401);
    expect((await revoked()).body.items).toContainEqual(expect.objectContaining({ sessionId: sid }));
  });

  it('ends with a logout, at once for refreshing and on the list of revocations', async () => {
    const { token, tokens, sid } = await users.person();

    expect((await users.call('POST', '/v1/auth/logout', { token })).status).toBe(204);

    expect((await users.refresh(tokens.refreshToken)).status).toBe(401);
    const { body } = await revoked();
    expect(revocationsResponse.parse(body).items).toContainEqual(expect.objectContaining({ sessionId: sid }));
    expect((await users.call('POST', '/v1/auth/logout', { token })).status).toBe(204);
  });

  it('is listed with the others of its person, who can end each of them', async () => {
    const { user, token, sid } = await users.person();
    const { body: second } = await users.login(user.email);
    const list = () => users.call('GET', '/v1/users/me/sessions?limit=1', { token });

    const page = await list();
    const rest = await users.call('GET', `/v1/users/me/sessions?limit=1&cursor=${page.body.nextCursor}`, { token });

    expect(page.body.items).toMatchObject([{ id: claimsOf(second.accessToken).sid, current: false, userAgent: 'spec' }]);
    expect(rest.body).toMatchObject({ items: [{ id: sid, current: true }], nextCursor: null });

    const end = (by: string) => users.call('DELETE', `/v1/users/me/sessions/${claimsOf(second.accessToken).sid}`, { token: by });
    const stranger = await users.person();
    expect((await end(stranger.token)).status).toBe(404);
    expect((await end(token)).status).toBe(204);
    expect((await users.refresh(second.refreshToken)).status).toBe(401);
    expect((await list()).body.items).toMatchObject([{ id: sid }]);
  });

  it('is told as revoked to services only', async () => {
    const { token } = await users.person();

    expect((await revoked('order')).status).toBe(200);
    expect((await revoked('stranger')).status).toBe(403);
    expect((await users.app.request('GET', '/internal/revocations', { caller: null })).status).toBe(401);
    const asUser = await users.app.request('GET', '/internal/revocations', {
      caller: null,
      headers: { authorization: `Bearer ${token}` },
    });
    expect(asUser.status).toBe(401);
  });
});
