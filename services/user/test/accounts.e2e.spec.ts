import { randomUUID } from 'node:crypto';
import { userResponse } from '@emporium/contracts/user';
import { describe, expect, it } from 'vitest';
import { mostAddresses } from '../src/addresses/address.ts';
import { newEmail, password, times } from './build-services.ts';
import { userApp } from './user-app.ts';

const home = { name: 'Grace', line1: 'Elm Street 1', city: 'Arlington', postalCode: '22201', country: 'US' };

describe('an account', () => {
  const users = userApp('user_accounts');

  it('is opened with an address that is kept in one form', async () => {
    const email = newEmail();

    const { status, body } = await users.register(`  ${email.toUpperCase()} `);

    expect(status).toBe(201);
    expect(body).toEqual({
      id: expect.any(String),
      email,
      name: 'Grace',
      role: 'customer',
      createdAt: expect.any(String),
      updatedAt: expect.any(String),
    });
    expect(userResponse.parse(body)).toEqual(body);
  });

  it('is opened once per address, by one of twenty at the same time', async () => {
    const email = newEmail();

    const answers = await Promise.all(times(20, () => users.register(email)));

    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 409)).toHaveLength(19);
    expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'email-taken' });
  });

  it.each(['short', 'passwordpassword', 'a'.repeat(15), 'x'.repeat(129)])('is not opened with the password %j', async (word) => {
    const { status, body } = await users.call('POST', '/v1/auth/register', {
      body: { email: newEmail(), password: word, name: 'Grace' },
    });

    expect(status).toBe(400);
    expect(body.errors).toMatchObject([{ field: 'password' }]);
  });

  it('cannot be opened as administrator', async () => {
    const { status } = await users.call('POST', '/v1/auth/register', {
      body: { email: newEmail(), password, name: 'Grace', role: 'admin' },
    });

    expect(status).toBe(400);
  });

  it('shows itself and changes its name', async () => {
    const { token, user } = await users.person();

    const changed = await users.call('PATCH', '/v1/users/me', { token, body: { name: ' Ada ' } });
    const shown = await users.call('GET', '/v1/users/me', { token });

    expect(changed.status).toBe(200);
    expect(shown.body).toMatchObject({ id: user.id, email: user.email, name: 'Ada' });
    expect((await users.call('PATCH', '/v1/users/me', { token, body: { role: 'admin' } })).status).toBe(400);
    expect((await users.call('PATCH', '/v1/users/me', { token, body: {} })).status).toBe(400);
  });

  it('changes its password and signs the others out', async () => {
    const { token, user, tokens } = await users.person();
    const { body: other } = await users.login(user.email);
    const change = (currentPassword: string, newPassword: string) =>
      users.call('POST', '/v1/users/me/password', { token, body: { currentPassword, newPassword } });

    expect(await change('not the password', 'nine violins beside the harbour')).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'currentPassword' }] },
    });
    expect((await change(password, 'nine violins beside the harbour')).status).toBe(204);

    expect((await users.refresh(other.refreshToken)).status).toBe(401);
    expect((await users.refresh(tokens.refreshToken)).status).toBe(200);
    expect((await users.login(user.email)).status).toBe(401);
  });

  it('keeps addresses, newest first, in pages', async () => {
    const { token } = await users.person();
    const add = (line1: string) => users.call('POST', '/v1/users/me/addresses', { token, body: { ...home, line1 } });
    const first = await add('First');
    await add('Second');
    await users.call('POST', '/v1/users/me/addresses', { token, body: { ...home, line1: 'Third', line2: 'Back door' } });

    const page = await users.call('GET', '/v1/users/me/addresses?limit=2', { token });
    const rest = await users.call('GET', `/v1/users/me/addresses?limit=2&cursor=${page.body.nextCursor}`, { token });

    expect(first.status).toBe(201);
    expect(page.body.items).toMatchObject([{ line1: 'Third', line2: 'Back door' }, { line1: 'Second' }]);
    expect(rest.body).toEqual({ items: [first.body], nextCursor: null });
  });

  it('deletes its addresses and nobody else’s', async () => {
    const [mine, other] = [await users.person(), await users.person()];
    const { body: address } = await users.call('POST', '/v1/users/me/addresses', { token: mine.token, body: home });
    const remove = (token: string) => users.call('DELETE', `/v1/users/me/addresses/${address.id}`, { token });

    expect((await remove(other.token)).status).toBe(404);
    expect((await remove(mine.token)).status).toBe(204);
    expect((await remove(mine.token)).status).toBe(404);
  });

  it('keeps a limited number of addresses', async () => {
    const { token } = await users.person();
    for (let count = 0; count < mostAddresses; count += 1)
      await users.call('POST', '/v1/users/me/addresses', { token, body: home });

    const oneMore = await users.call('POST', '/v1/users/me/addresses', { token, body: home });

    expect(oneMore).toMatchObject({ status: 409, body: { code: 'too-many-addresses' } });
  });

  it('is not there for a token whose account is gone', async () => {
    const answer = await users.app.request('GET', '/v1/users/me', { as: { sub: randomUUID() } });

    expect(answer).toMatchObject({ status: 404, body: { code: 'account-not-found' } });
  });
});
