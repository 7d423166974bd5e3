import { describe, expect, it } from 'vitest';
import { newEmail, password, times } from './build-services.ts';
import { userApp } from './user-app.ts';

const register = (body: object) =>
  ['POST', '/v1/auth/register', { email: 'x@example.test', password, name: 'Grace', ...body }] as const;
const login = (body: object) => ['POST', '/v1/auth/login', { email: 'x@example.test', password, ...body }] as const;
const address = (body: object) =>
  ['POST', '/v1/users/me/addresses', { name: 'G', line1: 'L', city: 'C', postalCode: '1', country: 'US', ...body }] as const;

const cases: [field: string, call: readonly [method: string, path: string, body?: unknown]][] = [
  ['email', register({ email: undefined })],
  ['email', register({ email: 'nobody' })],
  ['email', register({ email: `${'x'.repeat(250)}@example.test` })],
  ['email', register({ email: ['x@example.test'] })],
  ['email', register({ email: null })],
  ['email', register({ email: 'a\u0000b@example.test' })],
  ['password', register({ password: '' })],
  ['password', register({ password: 15 })],
  ['password', register({ password: { $gt: '' } })],
  ['name', register({ name: '   ' })],
  ['name', register({ name: 'x'.repeat(121) })],
  ['name', register({ name: 'a\u0000b' })],
  ['name', register({ name: 'a\ud800b' })],
  ['name', register({ name: 'two\nlines' })],
  ['isAdmin', register({ isAdmin: true })],
  ['email', login({ email: 1e300 })],
  ['password', login({ password: 'x'.repeat(129) })],
  ['code', login({ code: '' })],
  ['refreshToken', ['POST', '/v1/auth/refresh', {}]],
  ['refreshToken', ['POST', '/v1/auth/refresh', { refreshToken: 'x'.repeat(513) }]],
  ['refreshToken', ['POST', '/v1/auth/refresh', { refreshToken: 'a\u0000b' }]],
  ['name', ['PATCH', '/v1/users/me', { name: 7 }]],
  ['newPassword', ['POST', '/v1/users/me/password', { currentPassword: password, newPassword: 'short' }]],
  ['newPassword', ['POST', '/v1/users/me/password', { currentPassword: password }]],
  ['country', address({ country: 'usa' })],
  ['line1', address({ line1: '' })],
  ['postalCode', address({ postalCode: 22201 })],
  ['id', ['DELETE', '/v1/users/me/addresses/1']],
  ['id', ['DELETE', '/v1/users/me/sessions/%00']],
  ['limit', ['GET', '/v1/users/me/addresses?limit=0']],
  ['limit', ['GET', '/v1/users/me/addresses?limit=101']],
  ['limit', ['GET', '/v1/users/me/sessions?limit=1e2']],
  ['limit', ['GET', '/v1/users/me/sessions?limit=-1']],
  ['limit', ['GET', '/v1/users/me/sessions?limit=5&limit=6']],
  ['cursor', ['GET', '/v1/users/me/sessions?cursor=nonsense']],
  ['cursor', ['GET', '/v1/users/me/addresses?cursor=%20']],
  ['limit', ['GET', '/v1/admin/users?limit=999999999999999']],
  ['email', ['GET', `/v1/admin/users?email=${'x'.repeat(300)}`]],
  ['cursor', ['GET', '/v1/admin/users?cursor=W10']],
  ['id', ['PATCH', '/v1/admin/users/me', { role: 'admin' }]],
  ['role', ['PATCH', '/v1/admin/users/00000000-0000-4000-8000-000000000000', { role: 'root' }]],
];

describe('bad input', () => {
  const users = userApp('user_bad_input', { LOCKOUT_FREE_FAILURES: '1000' });
  const send = async (body: string, headers: Record<string, string> = {}) =>
    users.call('POST', '/v1/auth/register', { body, headers });

  it('is answered with a 400 that names the field', async () => {
    const { token } = await users.person('admin');

    for (const [field, [method, path, body]] of cases) {
      const answer = await users.call(method, path, { token, body });
      const fields = answer.body?.errors?.map((error: { field: string }) => error.field);
      expect({ method, path, body, status: answer.status, fields }).toEqual({
        method,
        path,
        body,
        status: 400,
        fields: [expect.stringContaining(field)],
      });
      expect(answer.headers.get('content-type')).toMatch('application/problem+json');
    }
    expect(cases.length).toBeGreaterThan(40);
  });

  it.each([
    ['no JSON', '{"email":', {}, 400],
    ['nothing', '', {}, 400],
    ['a list', '[]', {}, 400],
    ['null', 'null', {}, 400],
    [
      'a prototype',
      '{"__proto__":{"role":"admin"},"email":"p@example.test","password":"tea kettle on a red bicycle","name":"G"}',
      {},
      400,
    ],
    ['a number beyond all numbers', '{"email":1e400}', {}, 400],
    ['a thousand lists', `${'['.repeat(1_000)}${']'.repeat(1_000)}`, {}, 400],
    ['more than a megabyte', JSON.stringify({ email: 'x'.repeat(1_100_000) }), {}, 413],
    ['a form', 'email=x', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['plain text', '{}', { 'content-type': 'text/plain' }, 415],
  ])('of %s is refused', async (_what, body, headers, status) => {
    const answer = await send(body, headers);

    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ status, requestId: expect.any(String), type: expect.stringContaining('https://') });
  });

  it.each([
    ['GET', '/v1/users/%', 400],
    ['GET', '/v1/nothing', 404],
    ['PUT', '/v1/auth/login', 405],
  ])('%s %s is answered with %i', async (method, path, status) => {
    const { token } = await users.person();

    expect((await users.call(method, path, { token })).status).toBe(status);
  });

  it('is not looked at without a service token, and not without a user where one is needed', async () => {
    const noService = await users.app.request('POST', '/v1/auth/login', { caller: null, body: 'nonsense' });
    const noUser = await users.call('POST', '/v1/users/me/addresses', { body: {} });
    const forged = await users.call('GET', '/v1/users/me', { token: 'a.b.c' });

    expect([noService.status, noUser.status, forged.status]).toEqual([401, 401, 401]);
  });

  it('never makes the service fail, whatever is in the fields', async () => {
    const values = [
      '',
      'é'.repeat(200),
      "'; drop table accounts; --",
      '%_\\',
      '\u202e',
      '🦉',
      0,
      -1,
      1e21,
      true,
      null,
      [],
      {},
      [['x']],
    ];

    const statuses = await Promise.all(
      values.flatMap((value) =>
        ['email', 'password', 'name'].map(async (field) => {
          const person = { email: newEmail(), password, name: 'Grace', [field]: value };
          return (await users.call('POST', '/v1/auth/register', { body: person })).status;
        }),
      ),
    );

    expect(statuses).toHaveLength(values.length * 3);
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
    expect((await Promise.all(times(2, () => users.register()))).map(({ status }) => status)).toEqual([201, 201]);
  });
});
