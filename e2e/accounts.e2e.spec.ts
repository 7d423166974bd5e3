import { createPublicKey, randomUUID, verify } from 'node:crypto';
import type { AddressResponse, SessionResponse, TokensResponse, UserResponse } from '@emporium/contracts/user';
import { describe, expect, it, vi } from 'vitest';
import { anyone } from './people.ts';
import { expectBadField, expectProblem } from './problem.ts';
import { ShopClient, shippingAddress } from './shop.client.ts';

interface Page<Item> {
  items: Item[];
  nextCursor: string | null;
}

const newPerson = () => ({
  email: `${randomUUID()}@shoppers.test`,
  password: `a long enough password ${randomUUID()}`,
  name: 'Ada',
});
type Person = ReturnType<typeof newPerson>;

const register = (person: Person) => anyone().post<UserResponse>('/v1/auth/register', person);
const login = ({ email, password }: Person) => anyone().post<TokensResponse>('/v1/auth/login', { email, password });
const refresh = (refreshToken: string) => anyone().post<TokensResponse>('/v1/auth/refresh', { refreshToken });
const bearing = ({ accessToken }: TokensResponse) => new ShopClient(anyone().url, accessToken);
const decode = (part = '') => JSON.parse(Buffer.from(part, 'base64url').toString());

async function signedUp() {
  const person = newPerson();
  const user = (await register(person)).body;
  const tokens = (await login(person)).body;
  return { person, user, tokens, client: bearing(tokens) };
}

/** The contract gives a revoked access token five seconds. */
const expectToEndSoon = (client: ShopClient) =>
  vi.waitFor(async () => expect((await client.get('/v1/users/me')).status).toBe(401), { timeout: 5_000, interval: 100 });

describe('an account', () => {
  it('is registered with 201 and shown without its password', async () => {
    const person = newPerson();
    const { status, body } = await register({ ...person, email: ` ${person.email.toUpperCase()} ` });

    expect(status).toBe(201);
    expect(Object.keys(body).sort()).toEqual(['createdAt', 'email', 'id', 'name', 'role', 'updatedAt']);
    expect(body).toMatchObject({ email: person.email, name: 'Ada', role: 'customer' });
    expect(body.createdAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
  });

  it('is one per e-mail address, however it is written, also when two ask at once', async () => {
    const person = newPerson();

    const answers = await Promise.all([register(person), register({ ...person, email: person.email.toUpperCase() })]);

    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    expectProblem(await register(person), 409);
  });

  it.each([
    ['email', { email: 'no address' }],
    ['email', { email: '@shoppers.test' }],
    ['password', { password: 'short' }],
    ['password', { password: 'x'.repeat(129) }],
    ['password', { password: 'passwordpassword' }],
    ['name', { name: '   ' }],
    ['name', { name: 'a\nb' }],
    ['role', { role: 'admin' }],
  ])('is refused for its %s: %j', async (field, bad) => {
    expectBadField(await anyone().post('/v1/auth/register', { ...newPerson(), ...bad }), field);
  });

  it('takes any password of 15 to 128 characters, spaces and emoji too', async () => {
    for (const password of [
      `  spaces ${randomUUID()}  `,
      `🛒 tea on a red bicycle 🧺`,
      `${'p'.repeat(100)}${randomUUID().slice(0, 28)}`,
    ]) {
      const person = { ...newPerson(), password };
      expect((await register(person)).status).toBe(201);
      expect((await login(person)).status).toBe(200);
      expect((await login({ ...person, password: password.slice(0, -2) })).status).toBe(401);
    }
  });

  it('sixty sign-ups from one address pass', async () => {
    const wave = () => Promise.all(Array.from({ length: 10 }, () => register(newPerson())));

    for (let waves = 0; waves < 6; waves += 1) {
      expect((await wave()).map(({ status }) => status)).toEqual(Array(10).fill(201));
    }
  });
});

// Side by side, because one of them waits out the grace of a refresh token.
describe.concurrent('signing in', () => {
  it('gives both tokens; the access token is a JWT of the published keys', async () => {
    const { user, tokens } = await signedUp();
    const { keys } = (await anyone().get<{ keys: Record<string, string>[] }>('/.well-known/jwks.json')).body;
    const [head, payload, signature] = tokens.accessToken.split('.');
    const { alg, kid } = decode(head);
    const claims = decode(payload);
    const key = keys.find((each) => each.kid === kid) ?? {};

    expect(tokens).toEqual({
      accessToken: expect.any(String),
      refreshToken: expect.any(String),
      tokenType: 'Bearer',
      expiresIn: expect.any(Number),
    });
    expect(claims).toMatchObject({ sub: user.id, iss: expect.stringMatching(/./), aud: expect.stringMatching(/./) });
    expect(claims.exp - claims.iat).toBe(tokens.expiresIn);
    expect(tokens.expiresIn).toBeLessThanOrEqual(15 * 60);
    expect(alg).toMatch(/^(ES|RS|PS)256$|^EdDSA$/);
    expect(key).not.toHaveProperty('d');
    const signed = Buffer.from(`${head}.${payload}`);
    const publicKey = createPublicKey({ key, format: 'jwk' });
    expect(
      verify('sha256', signed, { key: publicKey, dsaEncoding: 'ieee-p1363' }, Buffer.from(signature ?? '', 'base64url')),
    ).toBe(true);
  });

  it('says the same of an unknown address and of a wrong password', async () => {
    const { person } = await signedUp();

    const wrong = expectProblem(await login({ ...person, password: 'not the password at all' }), 401);
    const unknown = expectProblem(await login(newPerson()), 401);

    expect(wrong.code).toBe(unknown.code);
  });

  it('refresh rotates; a retry gets the same successor; what is unknown is 401', async () => {
    const { tokens } = await signedUp();

    const [first, again] = await Promise.all([refresh(tokens.refreshToken), refresh(tokens.refreshToken)]);
    const next = await refresh(first.body.refreshToken);

    expect([first.status, again.status, next.status]).toEqual([200, 200, 200]);
    expect(again.body.refreshToken).toBe(first.body.refreshToken);
    expect(new Set([tokens.refreshToken, first.body.refreshToken, next.body.refreshToken]).size).toBe(3);
    expect((await bearing(next.body).get('/v1/users/me')).status).toBe(200);
    expectProblem(await refresh('unknown'), 401);
  });

  it('a refresh token used again after its grace ends its family', async () => {
    const { tokens, client } = await signedUp();
    const next = await refresh(tokens.refreshToken);
    const reuse = async () => expect((await refresh(tokens.refreshToken)).status).toBe(401);
    await vi.waitFor(reuse, { timeout: 15_000, interval: 1_000 });

    expectProblem(await refresh(next.body.refreshToken), 401);
    await expectToEndSoon(client);
  });

  it('logout ends the refresh token at once and the access token within 5 s', async () => {
    const { person, tokens, client } = await signedUp();
    const elsewhere = (await login(person)).body;

    const answer = await client.post('/v1/auth/logout');

    expect([answer.status, answer.text]).toEqual([204, '']);
    expectProblem(await refresh(tokens.refreshToken), 401);
    await expectToEndSoon(client);
    expect((await bearing(elsewhere).get('/v1/users/me')).status).toBe(200);
    expect((await refresh(elsewhere.refreshToken)).status).toBe(200);
  });

  it('sessions are listed, and ended one by one by nobody but their owner', async () => {
    const { person, client } = await signedUp();
    const phone = (await login(person)).body;
    const stranger = await anyone().newCustomer();
    const { items } = (await client.get<Page<SessionResponse>>('/v1/users/me/sessions')).body;
    const other = items.find(({ current }) => !current);
    const path = `/v1/users/me/sessions/${other?.id}`;

    expect(items.map(({ current }) => current).sort()).toEqual([false, true]);
    expectProblem(await stranger.call('DELETE', path), 404);
    expect((await client.call('DELETE', path)).status).toBe(204);
    expectProblem(await refresh(phone.refreshToken), 401);
    await expectToEndSoon(bearing(phone));
    expectProblem(await client.call('DELETE', path), 404);
    expect((await client.get('/v1/users/me')).status).toBe(200);
  });

  it('a new password ends all other sessions and opens the door alone', async () => {
    const { person, client } = await signedUp();
    const phone = (await login(person)).body;
    const newPassword = `another long password ${randomUUID()}`;
    const change = (currentPassword: string) => client.post('/v1/users/me/password', { currentPassword, newPassword });

    expectBadField(await change('not the password at all'), 'currentPassword');
    expect((await change(person.password)).status).toBe(204);

    expectProblem(await refresh(phone.refreshToken), 401);
    await expectToEndSoon(bearing(phone));
    expect((await client.get('/v1/users/me')).status).toBe(200);
    expect((await login(person)).status).toBe(401);
    expect((await login({ ...person, password: newPassword })).status).toBe(200);
  });
});

describe('a person', () => {
  it('reads and renames itself, and changes nothing else', async () => {
    const { user, client } = await signedUp();

    const renamed = await client.call<UserResponse>('PATCH', '/v1/users/me', { body: { name: '  Grace  ' } });

    expect(renamed.status).toBe(200);
    expect(renamed.body).toMatchObject({ id: user.id, name: 'Grace', role: 'customer' });
    expect((await client.get('/v1/users/me')).body).toEqual(renamed.body);
    for (const field of ['role', 'email', 'id']) {
      expectBadField(await client.call('PATCH', '/v1/users/me', { body: { name: 'Grace', [field]: 'admin' } }), field);
    }
    expectProblem(await client.call('PATCH', '/v1/users/me', { body: {} }), 400);
  });

  it('keeps addresses: added, listed in pages each once, deleted by nobody else', async () => {
    const { client } = await signedUp();
    const stranger = await anyone().newCustomer();
    const line2 = 'Second floor';

    const added: AddressResponse[] = [];
    for (const name of ['A', 'B', 'C']) {
      const answer = await client.post<AddressResponse>('/v1/users/me/addresses', { ...shippingAddress, line2, name });
      expect(answer.status).toBe(201);
      expect(answer.body).toMatchObject({ ...shippingAddress, line2, name });
      added.push(answer.body);
    }

    const first = (await client.get<Page<AddressResponse>>('/v1/users/me/addresses?limit=2')).body;
    const second = (await client.get<Page<AddressResponse>>(`/v1/users/me/addresses?limit=2&cursor=${first.nextCursor}`)).body;
    expect([...first.items, ...second.items].map(({ id }) => id).sort()).toEqual(added.map(({ id }) => id).sort());
    expect(second.nextCursor).toBeNull();
    const path = `/v1/users/me/addresses/${added[0]?.id}`;
    expectProblem(await stranger.call('DELETE', path), 404);
    expect((await client.call('DELETE', path)).status).toBe(204);
    expectProblem(await client.call('DELETE', path), 404);
  });

  it.each([
    ['country', 'gb'],
    ['country', 'GBR'],
    ['postalCode', 'x'.repeat(21)],
    ['planet', 'Mars'],
  ])('has no address whose %s is %s', async (field, value) => {
    const { client } = await signedUp();

    expectBadField(await client.post('/v1/users/me/addresses', { ...shippingAddress, [field]: value }), field);
  });
});
