import type { UserResponse } from '@emporium/contracts/user';
import { beforeAll, describe, expect, it } from 'vitest';
import { byName, callerOf, contractRoutes, json } from './contract.routes.ts';
import { administrator, anyone, newEmployee } from './people.ts';
import { expectProblem } from './problem.ts';
import type { ShopClient } from './shop.client.ts';

const open = contractRoutes.filter(({ who }) => who === 'anyone');
const closed = contractRoutes.filter(({ who }) => who !== 'anyone');
const forAdmins = contractRoutes.filter(({ who }) => who === 'admin');
const forStaff = contractRoutes.filter(({ who }) => who === 'staff');
const bad = { body: '{"broken', headers: json };

describe('access', () => {
  let customer: ShopClient;
  let support: ShopClient;

  beforeAll(async () => {
    customer = await anyone().newCustomer();
    support = await newEmployee('support');
  });

  it.each(byName(closed))('%s is 401 to nobody, before anything else is looked at', async (_, route) => {
    const call = callerOf(anyone());
    const answers = [await call(route), await call(route, { ...(route.method === 'GET' ? {} : bad), path: route.path })];

    for (const answer of answers) {
      expectProblem(answer, 401);
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
    }
  });

  it.each(byName([...forAdmins, ...forStaff]))('%s is 403 to customers, before anything else is looked at', async (_, route) => {
    expectProblem(await callerOf(customer)(route), 403);
    expectProblem(await callerOf(customer)(route, { ...(route.method === 'GET' ? {} : bad), path: route.path }), 403);
  });

  it.each(byName(forAdmins))('%s is 403 to support', async (_, route) => {
    expectProblem(await callerOf(support)(route), 403);
  });

  it.each(byName(forStaff))('%s can be read by support', async (_, route) => {
    const { status } = await callerOf(support)(route);

    expect(status).toBe(route.path.includes('{id}') ? 404 : 200);
  });

  it.each(byName(open))('%s needs no sign-in', async (_, route) => {
    const { status } = await callerOf(anyone())(route, { body: undefined });

    expect(status).toBeOneOf([200, 400, 404]);
  });

  it('a role is given by administrators, and the old sessions end with it', async () => {
    const admin = await administrator();
    const person = await anyone().newCustomer();
    const { id, email } = (await person.get<UserResponse>('/v1/users/me')).body;

    const changed = await admin.call<UserResponse>('PATCH', `/v1/admin/users/${id}`, { body: { role: 'support' } });
    const listed = await admin.get<{ items: UserResponse[] }>(`/v1/admin/users?email=${encodeURIComponent(email)}`);

    expect([changed.status, changed.body.role]).toEqual([200, 'support']);
    expect(listed.body.items).toEqual([changed.body]);
    await expect.poll(async () => (await person.get('/v1/users/me')).status, { timeout: 5_000 }).toBe(401);
    expectProblem(await admin.call('PATCH', `/v1/admin/users/${id}`, { body: { role: 'owner' } }), 400);
  });

  it('users are listed in pages, each once', async () => {
    const seen: string[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null && pages < 200; pages += 1) {
      const path: string = `/v1/admin/users?limit=50${cursor === '' ? '' : `&cursor=${cursor}`}`;
      const { body } = await support.get<{ items: UserResponse[]; nextCursor: string | null }>(path);
      seen.push(...body.items.map(({ id }) => id));
      cursor = body.nextCursor;
    }

    expect(cursor).toBeNull();
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toContain((await customer.get<UserResponse>('/v1/users/me')).body.id);
  });
});
