import { gunzipSync, gzipSync } from 'node:zlib';
import { createServiceTokenVerifier } from '@emporium/auth';
import { testRedis } from '@emporium/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { routes } from '../src/routing/routes.ts';
import { json } from './fake-service.ts';
import { GatewayWorld } from './gateway-world.ts';

describe('what the gateway passes on', () => {
  const redis = testRedis();
  let world: GatewayWorld;
  beforeAll(async () => {
    world = await GatewayWorld.start({ REDIS_URL: redis.url });
  });
  beforeEach(() => world.reset());
  afterAll(() => world.close());

  const product = () => world.services.product;

  it('knows more than forty routes', () => {
    expect(routes.length).toBeGreaterThanOrEqual(40);
  });

  it.each(routes.filter(({ upstream }) => upstream !== 'every'))(
    'takes $method $path to the $upstream service',
    async ({ method, path, upstream, access }) => {
      const address = `${path.replaceAll(/:\w+/g, '6f1d3a52-0000-4000-8000-000000000001')}?a=1&b=%20`;
      const as = access === 'anyone' ? undefined : ({ role: 'admin' } as const);

      const answer = await world.call(method, address, {
        as,
        ...(method === 'GET' ? {} : { body: '{"a":1}', headers: { 'content-type': 'application/json' } }),
      });

      const heard = Object.values(world.services).flatMap(({ name, calls }) => calls.map((call) => ({ name, call })));
      if (path === '/.well-known/jwks.json') {
        expect(answer.body.keys).toHaveLength(1);
        return;
      }
      expect(answer).toMatchObject({ status: 200, body: { service: upstream, method, url: address } });
      expect(heard).toHaveLength(1);
      const { name, call } = heard[0] ?? expect.unreachable();
      expect(name).toBe(upstream);
      expect(call.body.toString()).toBe(method === 'GET' ? '' : '{"a":1}');
      expect(call.headers).toMatchObject({
        'x-client-address': '127.0.0.1',
        'x-request-id': answer.headers.get('x-request-id'),
        'x-request-timeout-ms': expect.stringMatching(/^(2[0-9]{3}|1[0-9]{3})$/),
      });
      expect(call.headers.authorization?.startsWith('Bearer ')).toBe(as === undefined ? undefined : true);
    },
  );

  it('shows each service a token of its own', async () => {
    await world.call('GET', '/v1/products');
    await world.call('GET', '/v1/cart', { as: {} });

    for (const name of ['product', 'order'] as const) {
      const verifier = createServiceTokenVerifier({ service: name, publicKeys: world.keys.publicKeys });
      const token = String(world.services[name].calls[0]?.headers['x-service-token']);
      expect(await verifier.verify(token)).toMatchObject({ caller: 'gateway' });
    }
  });

  it('lets no header through that only it may set', async () => {
    const forged = {
      'x-service-token': 'forged',
      'x-client-address': '203.0.113.9',
      'x-forwarded-for': '203.0.113.9',
      'x-forwarded-host': 'evil.example',
      'x-real-ip': '203.0.113.9',
      forwarded: 'for=203.0.113.9',
      'x-request-timeout-ms': '1',
      'x-user-id': 'someone',
      cookie: 'a=b',
      te: 'trailers',
      'accept-encoding': 'br',
      traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    };

    const { status } = await world.call('GET', '/v1/products', { headers: forged });

    expect(status).toBe(200);
    const { headers } = product().calls[0] ?? expect.unreachable();
    for (const [name, value] of Object.entries(forged)) expect([name, headers[name]]).not.toEqual([name, value]);
    expect(headers['x-client-address']).toBe('127.0.0.1');
    expect(headers['x-service-token']).not.toContain('forged');
    expect(Number(headers['x-request-timeout-ms'])).toBeGreaterThan(2_000);
    expect(Object.keys(headers).filter((name) => /forwarded|real-ip|user-id|cookie/.test(name))).toEqual([]);
  });

  it('sends one value of a header it sets, also when the client sends several', async () => {
    const lines = [
      'GET /v1/products HTTP/1.1',
      'host: a',
      'X-Service-Token: a',
      'x-service-token: b',
      'X-Client-Address: 1.2.3.4',
    ];

    await world.raw(`${[...lines, 'connection: close, x-client-address'].join('\r\n')}\r\n\r\n`);

    const names = (product().calls[0]?.rawHeaders ?? []).filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
    expect(names.filter((name) => name === 'x-service-token')).toHaveLength(1);
    expect(names.filter((name) => name === 'x-client-address')).toHaveLength(1);
    expect(product().calls[0]?.headers['x-client-address']).toBe('127.0.0.1');
  });

  it('passes on what services need of a client', async () => {
    const headers = {
      accept: 'application/json',
      'accept-language': 'de',
      'content-type': 'application/json; charset=utf-8',
      'idempotency-key': 'k-1',
      'if-match': '"3"',
      'if-none-match': '"4"',
      'user-agent': 'a browser',
    };

    await world.call('POST', '/v1/orders', { as: {}, headers, body: '{}' });

    expect(world.services.order.calls[0]?.headers).toMatchObject(headers);
  });

  it('passes the body of a webhook on byte for byte, with its signature', async () => {
    const body = Buffer.from([0x7b, 0x00, 0xff, 0xfe, 0x0d, 0x0a, 0x20, 0xc3, 0x28, 0x7d]);

    await world.call('POST', '/v1/webhooks/stripe', {
      body,
      headers: { 'content-type': 'application/json', 'stripe-signature': 't=1,v1=abc' },
    });

    const { calls } = world.services.payment;
    expect(calls[0]?.body.equals(body)).toBe(true);
    expect(calls[0]?.headers['stripe-signature']).toBe('t=1,v1=abc');
  });

  it.each([
    ['chunked', Buffer.alloc(300_000, 'x')],
    ['compressed', gzipSync('{"a":1}')],
    ['empty', Buffer.alloc(0)],
  ])('does not change a %s body', async (_, body) => {
    const head = 'POST /v1/auth/login HTTP/1.1\r\nhost: a\r\nconnection: close\r\ncontent-type: application/json\r\n';
    const chunk = body.length === 0 ? '' : `${body.length.toString(16)}\r\n`;

    await world.raw(
      Buffer.concat([
        Buffer.from(`${head}transfer-encoding: chunked\r\n\r\n${chunk}`),
        body,
        Buffer.from(`${body.length === 0 ? '' : '\r\n'}0\r\n\r\n`),
      ]),
    );

    const [call] = world.services.user.calls;
    expect(call?.body.equals(body)).toBe(true);
    expect(call?.headers['transfer-encoding']).toBeUndefined();
    if (body[0] === 0x1f) expect(gunzipSync(call?.body ?? '').toString()).toBe('{"a":1}');
  });

  it('keeps a request id that can stand in a log, and makes one otherwise', async () => {
    const given = await world.call('GET', '/v1/products', { headers: { 'x-request-id': 'abc-123' } });
    const made = await world.call('GET', '/v1/products');
    const bad = await world.call('GET', '/v1/products', { headers: { 'x-request-id': 'a b"c' } });

    const ids = product().calls.map(({ headers }) => headers['x-request-id']);
    expect(given.headers.get('x-request-id')).toBe('abc-123');
    expect(ids).toEqual(['abc-123', made.headers.get('x-request-id'), bad.headers.get('x-request-id')]);
    expect(made.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(bad.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('answers what the service answers, without what concerns only that connection', async () => {
    product().behave((_, response) => {
      response.writeHead(201, {
        'content-type': 'application/json; charset=utf-8',
        etag: '"7"',
        location: '/v1/products/1',
        'idempotency-replayed': 'true',
        'cache-control': 'public, max-age=5',
        'x-request-id': 'of the service',
        'content-security-policy': "default-src 'unsafe-inline'",
        'x-powered-by': 'something',
        'set-cookie': 'a=b',
        server: 'something',
        connection: 'keep-alive, x-secret',
        'x-secret': 'hop by hop',
        'keep-alive': 'timeout=99',
        'transfer-encoding': 'chunked',
        trailer: 'x-later',
      });
      response.end('{"a":"é"}');
    });

    const { status, headers, bytes } = await world.call('POST', '/v1/products', { as: { role: 'admin' }, body: '{}' });

    expect(status).toBe(201);
    expect(bytes.toString()).toBe('{"a":"é"}');
    expect(Object.fromEntries(headers)).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      etag: '"7"',
      location: '/v1/products/1',
      'idempotency-replayed': 'true',
      'cache-control': 'public, max-age=5',
      'content-length': '10',
    });
    for (const name of ['x-powered-by', 'set-cookie', 'server', 'x-secret', 'trailer', 'transfer-encoding'])
      expect([name, headers.get(name)]).toEqual([name, null]);
    expect(headers.get('x-request-id')).not.toBe('of the service');
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
  });

  it('lets nobody keep an answer whose service did not say that it may be kept', async () => {
    const { headers } = await world.call('GET', '/v1/users/me', { as: {} });

    expect(headers.get('cache-control')).toBe('no-store');
  });

  it('passes 304 and 204 on without a body', async () => {
    product().behave(({ headers }, response) => {
      response.writeHead(headers['if-none-match'] === '"7"' ? 304 : 204, { etag: '"7"' });
      response.end();
    });

    const as = { role: 'admin' } as const;
    const unchanged = await world.call('GET', '/v1/admin/products/1/inventory', { as, headers: { 'if-none-match': '"7"' } });
    const nothing = await world.call('DELETE', '/v1/products/1', { as });

    expect([unchanged.status, unchanged.headers.get('etag'), unchanged.bytes.length]).toEqual([304, '"7"', 0]);
    expect([nothing.status, nothing.headers.get('content-type'), nothing.bytes.length]).toEqual([204, null, 0]);
  });

  it('answers HEAD as GET, without the body', async () => {
    product().behave((_, response) => json(response, 200, { name: 'Chair' }, { etag: '"7"' }));

    const head = await world.call('HEAD', '/v1/products/1');
    const get = await world.call('GET', '/v1/products/1');

    expect(head.status).toBe(200);
    expect(head.bytes).toHaveLength(0);
    for (const name of ['content-length', 'content-type', 'etag', 'content-security-policy'])
      expect([name, head.headers.get(name)]).toEqual([name, get.headers.get(name)]);
    expect(product().calls.map(({ method }) => method)).toEqual(['GET', 'GET']);
  });

  it('passes problems on as they are', async () => {
    const problem = {
      type: 'https://emporium.example/problems/out-of-stock',
      title: 'Conflict',
      status: 409,
      code: 'out-of-stock',
    };
    world.services.order.behave((_, response) => json(response, 409, problem));

    const { status, headers, body } = await world.call('POST', '/v1/orders', { as: {}, body: '{}' });

    expect([status, headers.get('content-type'), body]).toEqual([409, 'application/problem+json', problem]);
  });

  it.each([
    ['an absolute address', 'GET http://elsewhere.example/v1/products?q=1 HTTP/1.1', '/v1/products?q=1'],
    ['encoded letters', 'GET /v1/%70roducts?q=%2e%2e%2f HTTP/1.1', '/v1/%70roducts?q=%2e%2e%2f'],
  ])('understands %s in the request line', async (_, line, url) => {
    const text = await world.raw(`${line}\r\nhost: a\r\nconnection: close\r\n\r\n`);

    expect(text).toMatch(/^HTTP\/1.1 200 /);
    expect(product().calls[0]?.url).toBe(url);
  });

  it.each([
    '/internal/quotes',
    '/v1/products/../../internal/quotes',
    '//internal/quotes',
    '/v1/products/%2e%2e/internal',
    '/metrics',
  ])('has no way to %s', async (path) => {
    const text = await world.raw(`GET ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`);

    expect(text).toMatch(/^HTTP\/1.1 404 /);
    expect(Object.values(world.services).flatMap(({ calls }) => calls)).toEqual([]);
  });
});
