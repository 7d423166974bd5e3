import { createHmac, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { testKeys, testRedis } from '@emporium/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { routes } from '../src/routing/routes.ts';
import { GatewayWorld } from './gateway-world.ts';

const addressOf = (path: string) => path.replaceAll(/:\w+/g, '6f1d3a52-0000-4000-8000-000000000001');
const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');

const closed = routes.filter(({ access }) => access !== 'anyone');

describe('who gets through the gateway', () => {
  const redis = testRedis();
  let world: GatewayWorld;
  beforeAll(async () => {
    world = await GatewayWorld.start({ REDIS_URL: redis.url });
  });
  beforeEach(() => world.reset());
  afterAll(() => world.close());

  const heard = () => Object.values(world.services).flatMap(({ calls }) => calls);

  it.each(closed)('sends anonymous callers of $method $path away, whatever else is wrong', async ({ method, path }) => {
    const address = addressOf(path);
    const body = method === 'GET' ? undefined : '{"broken":';

    const plain = await world.call(method, address);
    const broken = await world.call(method, `${address}?a=%zz&b=%00`, {
      body,
      headers: { 'content-type': 'application/\tjson' },
    });

    for (const { status, headers, body: problem } of [plain, broken]) {
      expect([status, problem.code, headers.get('www-authenticate')]).toEqual([401, 'token-required', 'Bearer']);
      expect(headers.get('content-type')).toContain('application/problem+json');
    }
    expect(heard()).toEqual([]);
  });

  // Those of every service are in dead-letters.e2e.spec.ts.
  it.each(routes.filter(({ access, upstream }) => upstream !== 'every' && (access === 'admin' || access === 'staff')))(
    'lets only its roles call $method $path',
    async ({ method, path, access }) => {
      const statusFor = async (role: 'customer' | 'support' | 'admin') =>
        (await world.call(method, addressOf(path), { as: { role } })).status;

      expect(await statusFor('customer')).toBe(403);
      expect(await statusFor('support')).toBe(access === 'staff' ? 200 : 403);
      expect(await statusFor('admin')).toBe(200);
      expect(heard()).toHaveLength(access === 'staff' ? 2 : 1);
    },
  );

  it('does not read the body of a caller it refuses', async () => {
    const head = 'POST /v1/orders HTTP/1.1\r\nhost: a\r\ncontent-length: 1000000\r\nconnection: close\r\n\r\n';

    const text = await world.raw(`${head}${'x'.repeat(100)}`);

    expect(text).toMatch(/^HTTP\/1.1 401 /);
  });

  describe('with a token that is none', () => {
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: 'https://emporium.example',
      aud: 'emporium',
      sub: '6f1d3a52-0000-4000-8000-000000000001',
      sid: '6f1d3a52-0000-4000-8000-000000000002',
      role: 'admin',
      iat: now,
      exp: now + 600,
    };
    /** A token as the user service signs it, except for what the spec changes. */
    const signed = async (change: { header?: object; claims?: object }) => {
      const good = await world.keys.userToken({ role: 'admin' });
      const header = JSON.parse(Buffer.from(good.split('.')[0] ?? '', 'base64url').toString());
      const text = `${base64({ ...header, ...change.header })}.${base64({ ...claims, ...change.claims })}`;
      const key = createPrivateKey({ key: JSON.parse(world.keys.accessKey), format: 'jwk' });
      return `${text}.${sign('sha256', Buffer.from(text), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
    };
    const confused = async () => {
      const publicKey = createPublicKey({ key: JSON.parse(world.keys.accessKey), format: 'jwk' });
      const [good = ''] = (await signed({})).split('.');
      const header = { ...JSON.parse(Buffer.from(good, 'base64url').toString()), alg: 'HS256' };
      const text = `${base64(header)}.${base64(claims)}`;
      const pem = publicKey.export({ type: 'spki', format: 'pem' });
      return `${text}.${createHmac('sha256', pem).update(text).digest('base64url')}`;
    };
    const withoutAlgorithm = async () => {
      const [good = ''] = (await signed({})).split('.');
      const header = { ...JSON.parse(Buffer.from(good, 'base64url').toString()), alg: 'none' };
      return `${base64(header)}.${base64(claims)}.`;
    };
    const tampered = async () => {
      const [header, , signature] = (await world.keys.userToken({ role: 'customer' })).split('.');
      return `${header}.${base64(claims)}.${signature}`;
    };

    it('takes one that is signed as the user service signs it', async () => {
      const { status } = await world.call('GET', '/v1/admin/ledger', { token: await signed({}) });

      expect(status).toBe(200);
    });

    it.each<[string, () => Promise<string>]>([
      ['expired', () => signed({ claims: { iat: now - 900, exp: now - 60 } })],
      ['of another issuer', () => signed({ claims: { iss: 'https://evil.example' } })],
      ['for another audience', () => signed({ claims: { aud: 'elsewhere' } })],
      ['of an unknown role', () => signed({ claims: { role: 'root' } })],
      ['of an unknown key', () => signed({ header: { kid: 'unknown' } })],
      ['without an end', () => signed({ claims: { exp: undefined } })],
      ['signed with the public key as a secret', confused],
      ['of no algorithm', withoutAlgorithm],
      ['changed', tampered],
      ['signed by another platform', () => testKeys().userToken({ role: 'admin' })],
      ['of a service', () => world.keys.serviceToken('order', 'gateway')],
      ['no token at all', async () => 'nonsense'],
      ['endless', async () => 'a'.repeat(8_000)],
    ])('refuses one that is %s', async (_, make) => {
      const { status, body } = await world.call('GET', '/v1/admin/ledger', { token: await make() });

      expect([status, body.code]).toEqual([401, 'invalid-token']);
      expect(heard()).toEqual([]);
    });

    it.each(['Basic YTpi', 'Bearer', 'Bearer a b', 'bearer', ''])('refuses the header "%s"', async (authorization) => {
      const { status } = await world.call('GET', '/v1/cart', { headers: { authorization } });

      expect(status).toBe(401);
    });
  });

  it('refuses a session within seconds of its end, and only that one', async () => {
    const [ended, other] = [crypto.randomUUID(), crypto.randomUUID()];
    const sub = crypto.randomUUID();
    const statusOf = async (sid: string) => (await world.call('GET', '/v1/cart', { as: { sub, sid } })).status;
    expect(await statusOf(ended)).toBe(200);

    const items = [{ seq: 1, sessionId: ended, endedAt: new Date().toISOString() }];
    world.services.user.own.set('/internal/revocations', { items, next: 1 });

    await expect.poll(() => statusOf(ended), { timeout: 3_000 }).toBe(401);
    expect(await statusOf(other)).toBe(200);

    world.services.user.own.delete('/internal/revocations');
    expect(await statusOf(ended)).toBe(401);
  });

  it('opens no door when Redis loses everything', async () => {
    const [ended, customer] = [crypto.randomUUID(), { sub: crypto.randomUUID() }];
    const statusOf = async (as: object, path = '/v1/cart') => (await world.call('GET', path, { as })).status;
    world.services.user.own.set('/internal/revocations', {
      items: [{ seq: 2, sessionId: ended, endedAt: new Date().toISOString() }],
      next: 2,
    });
    await expect.poll(() => statusOf({ ...customer, sid: ended }), { timeout: 3_000 }).toBe(401);

    await redis.redis.flushdb();

    expect(await statusOf({ ...customer, sid: ended })).toBe(401);
    expect(await statusOf(customer, '/v1/admin/orders')).toBe(403);
    expect((await world.call('GET', '/v1/cart')).status).toBe(401);
  });
});
