import { randomUUID } from 'node:crypto';
import { userListResponse } from '@emporium/contracts/user';
import { sql } from '@emporium/postgres';
import { describe, expect, it } from 'vitest';
import { userApp } from './user-app.ts';

describe('administration', () => {
  const users = userApp('user_administration');
  const list = (token: string, query = '') => users.call('GET', `/v1/admin/users${query}`, { token });
  const change = (token: string, id: string, role: string) =>
    users.call('PATCH', `/v1/admin/users/${id}`, { token, body: { role } });

  it('lists people in pages, for administrators and support', async () => {
    const [admin, support] = [await users.person('admin'), await users.person('support')];

    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const { status, body } = await list(support.token, `?limit=1${cursor && `&cursor=${cursor}`}`);
      expect(status).toBe(200);
      seen.push(...userListResponse.parse(body).items.map(({ id }) => id));
      cursor = body.nextCursor;
    }

    expect(new Set(seen).size).toBe(seen.length);
    expect(seen.slice(0, 2)).toEqual([support.user.id, admin.user.id]);
    expect((await list(admin.token)).status).toBe(200);
  });

  it('finds people by the beginning of their address', async () => {
    const { token, user } = await users.person('admin');

    const found = await list(token, `?email=${encodeURIComponent(user.email.slice(0, 20).toUpperCase())}`);

    expect(found.body.items).toMatchObject([{ id: user.id }]);
    expect((await list(token, '?email=%25')).body.items).toEqual([]);
  });

  it('is closed to customers and to nobody in particular', async () => {
    const { token, user } = await users.person();

    expect((await list(token)).status).toBe(403);
    expect((await change(token, user.id, 'admin')).status).toBe(403);
    expect((await users.call('GET', '/v1/admin/users?limit=x')).status).toBe(401);
  });

  it('gives roles by administrators only, and ends the sessions of the person', async () => {
    const [admin, support, person] = [await users.person('admin'), await users.person('support'), await users.person()];

    expect((await change(support.token, person.user.id, 'support')).status).toBe(403);
    const changed = await change(admin.token, person.user.id, 'support');

    expect(changed).toMatchObject({ status: 200, body: { id: person.user.id, role: 'support' } });
    expect((await users.refresh(person.tokens.refreshToken)).status).toBe(401);
    expect((await change(admin.token, randomUUID(), 'support')).status).toBe(404);
    expect((await change(admin.token, person.user.id, 'king')).status).toBe(400);
  });

  it('keeps the last administrator', async () => {
    const { token, user } = await users.person('admin');
    await users.db.execute(sql`update accounts set role = 'customer' where role = 'admin' and id <> ${user.id}`);

    expect(await change(token, user.id, 'customer')).toMatchObject({ status: 409, body: { code: 'last-admin' } });
  });
});
