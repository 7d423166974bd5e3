import { startApp, type TestApp, testKeys } from '@emporium/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig, tinyModule } from '../../test/tiny.service.ts';

describe('who may call what', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ name: 'product', module: tinyModule, config: loadConfig });
  });
  afterAll(() => app.close());

  it('answers a signed-in user through the gateway', async () => {
    const { status, body, headers } = await app.request('POST', '/v1/things', { as: { sub: 'ann' }, body: { name: 'cup' } });

    expect(status).toBe(201);
    expect(body).toMatchObject({ name: 'cup', owner: 'ann' });
    expect(headers.get('location')).toBe('/v1/things/1');
  });

  it('tells the controller who asks, through whom and from where', async () => {
    const { body } = await app.request('GET', '/v1/things/mine', {
      as: { sub: 'ann', role: 'support', sid: 's1' },
      headers: { 'x-client-address': '203.0.113.7' },
    });

    expect(body).toMatchObject({
      who: { sub: 'ann', role: 'support', sid: 's1' },
      caller: 'gateway',
      address: '203.0.113.7',
      context: { userId: 'ann' },
    });
  });

  it.each(['not an address', '203.0.113.7, 10.0.0.1', '<script>'])('does not believe the client address %j', async (address) => {
    const { body } = await app.request('GET', '/v1/things/mine', { as: {}, headers: { 'x-client-address': address } });

    expect(body.address).toBe('127.0.0.1');
  });

  it('does not believe a client address without a service token', async () => {
    const { body } = await app.request('GET', '/internal/things/open', {
      caller: null,
      headers: { 'x-client-address': '203.0.113.7' },
    });

    expect(body.address).toBe('127.0.0.1');
  });

  it.each([
    ['no service token', 'GET', '/v1/things', { caller: null }, 401, 'service-token-required'],
    [
      'a forged service token',
      'GET',
      '/v1/things',
      { caller: null, headers: { 'x-service-token': 'a.b.c' } },
      401,
      'invalid-service-token',
    ],
    ['another service than the gateway', 'GET', '/v1/things', { caller: 'order' }, 403, 'caller-not-allowed'],
    ['nobody on a user route, before its body is looked at', 'POST', '/v1/things', { body: '{"broken' }, 401, 'token-required'],
    ['a forged user token', 'GET', '/v1/things/mine', { headers: { authorization: 'Bearer a.b.c' } }, 401, 'invalid-token'],
    ['another scheme', 'GET', '/v1/things/mine', { headers: { authorization: 'Basic YTpi' } }, 401, 'token-required'],
    ['a customer on an admin route', 'DELETE', '/v1/things/1', { as: { role: 'customer' } }, 403, 'role-not-allowed'],
    ['support on an admin route', 'DELETE', '/v1/things/1', { as: { role: 'support' } }, 403, 'role-not-allowed'],
    ['the gateway on an internal route', 'GET', '/internal/things', {}, 403, 'caller-not-allowed'],
    ['a user on an internal route', 'GET', '/internal/things', { as: {}, caller: null }, 401, 'service-token-required'],
    ['an unknown address, without tokens', 'GET', '/v1/nothing', { caller: null }, 404, 'no-such-route'],
  ] as const)('refuses %s', async (_, method, path, request, status, code) => {
    const answer = await app.request(method, path, request);

    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ status, code });
    expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
  });

  it.each([
    ['an admin on an admin route', 'DELETE', '/v1/things/1', { as: { role: 'admin' } }, 204],
    ['anyone on a public route', 'GET', '/v1/things', {}, 200],
    ['the named service on an internal route', 'GET', '/internal/things', { caller: 'order' }, 200],
    ['a method rule above the rule of its class', 'GET', '/internal/things/open', { caller: null }, 200],
    ['HEAD where GET is', 'HEAD', '/v1/things', {}, 200],
  ] as const)('lets in %s', async (_, method, path, request, status) => {
    const answer = await app.request(method, path, request);

    expect(answer.status).toBe(status);
  });

  it('refuses tokens made for another service or with other keys', async () => {
    const others = testKeys();
    const tokens = [await app.keys.serviceToken('gateway', 'order'), await others.serviceToken('gateway', 'product')];

    const answers = await Promise.all(
      tokens.map((token) => app.request('GET', '/v1/things', { caller: null, headers: { 'x-service-token': token } })),
    );

    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
  });

  it('asks for an idempotency key of 1 to 255 visible characters', async () => {
    const post = (headers: Record<string, string>) => app.request('POST', '/v1/things/once', { as: {}, headers });

    const missing = await post({});
    const blank = await post({ 'idempotency-key': 'a b' });
    const long = await post({ 'idempotency-key': 'k'.repeat(256) });
    const good = await post({ 'idempotency-key': 'k'.repeat(255) });

    expect([missing.status, blank.status, long.status, good.status]).toEqual([400, 400, 400, 201]);
    expect(missing.body.errors).toEqual([{ field: 'Idempotency-Key', message: 'is required' }]);
  });
});
