import { testRedis } from '@emporium/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { securityHeaders } from '../src/pages/security.headers.ts';
import { routes } from '../src/routing/routes.ts';
import { json } from './fake-service.ts';
import { GatewayWorld } from './gateway-world.ts';

const pathOf = (path: string) => path.replaceAll(/:(\w+)/g, '{$1}');

/** What a service says of itself: its routes of the table, one that is not public, and a component whose name others use too. */
const documentOf = (upstream: string) => {
  const paths: Record<string, Record<string, unknown>> = { '/v1/secret': { get: { operationId: 'Secret_get', responses: {} } } };
  const own = routes.filter((route) => [upstream, 'every'].includes(route.upstream) && route.path.startsWith('/v1/'));
  for (const { method, path } of own) {
    const operation = {
      operationId: `Things_${method.toLowerCase()}`,
      'x-of': upstream,
      responses: {
        200: { description: 'Done.', content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } } },
        404: {
          description: 'Problem.',
          content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
        },
      },
    };
    paths[pathOf(path)] = { ...paths[pathOf(path)], [method.toLowerCase()]: operation };
  }
  const schemas = {
    Problem: { type: 'object', properties: { status: { type: 'integer' } } },
    Thing: { type: 'object', properties: { [upstream]: { type: 'string' } } },
    Unused: { type: 'string' },
  };
  return { openapi: '3.1.0', info: { title: upstream }, paths, components: { schemas } };
};

describe('pages and the API description', () => {
  const redis = testRedis();
  let world: GatewayWorld;
  beforeAll(async () => {
    world = await GatewayWorld.start({ REDIS_URL: redis.url });
    for (const service of Object.values(world.services)) service.own.set('/openapi.json', documentOf(service.name));
  });
  beforeEach(() => world.reset());
  afterAll(() => world.close());

  it('puts the security headers on every answer, whoever gives it', async () => {
    world.services.order.behave((_, response) => json(response, 500, {}));
    const answers = await Promise.all([
      world.call('GET', '/'),
      world.call('GET', '/docs'),
      world.call('GET', '/pages/shop.js'),
      world.call('GET', '/openapi.json'),
      world.call('GET', '/health'),
      world.call('GET', '/ready'),
      world.call('GET', '/v1/products'),
      world.call('HEAD', '/v1/products'),
      world.call('GET', '/v1/cart'),
      world.call('GET', '/v1/cart', { as: {} }),
      world.call('GET', '/v1/products/%zz'),
      world.call('GET', '/nothing'),
      world.call('PATCH', '/v1/products'),
      world.call('POST', '/v1/auth/login', { body: Buffer.alloc(1_048_577) }),
      world.call('GET', '/v1/admin/ledger', { as: {} }),
    ]);

    const statuses = [200, 200, 200, 200, 200, 200, 200, 200, 401, 503, 400, 404, 405, 413, 403];
    expect(answers.map(({ status }) => status)).toEqual(statuses);
    for (const { headers } of answers) {
      expect(Object.fromEntries(headers)).toMatchObject(securityHeaders);
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    }
  });

  it('names the headers that matter', () => {
    expect(Object.keys(securityHeaders)).toEqual(
      expect.arrayContaining([
        'content-security-policy',
        'strict-transport-security',
        'x-content-type-options',
        'x-frame-options',
        'referrer-policy',
      ]),
    );
  });

  describe.each(['/', '/docs', '/status'])('the page %s', (path) => {
    it('loads only what its content security policy allows, and all of it is there', async () => {
      const { status, headers, body } = await world.call('GET', path);
      const html = String(body);

      expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      const scripts = [...html.matchAll(/<script\b([^>]*)>([\s\S]*?)<\/script>/g)];
      const links = [...html.matchAll(/<link\b[^>]*href="([^"]+)"/g)].map(([, href]) => href ?? '');
      expect(scripts.length).toBeGreaterThan(0);
      for (const [, attributes = '', inline = ''] of scripts) {
        expect(inline.trim()).toBe('');
        expect(attributes).toMatch(/src="\/[^"/]/);
      }
      expect(html).not.toMatch(/\son\w+=|javascript:|<style|style="/i);

      const addresses = [...scripts.map(([, attributes = '']) => /src="([^"]+)"/.exec(attributes)?.[1] ?? ''), ...links];
      for (const address of addresses.filter((each) => each !== 'data:,')) {
        const file = await world.call('GET', address);
        expect([address, file.status]).toEqual([address, 200]);
        expect(file.headers.get('content-type')).toMatch(address.endsWith('.css') ? 'text/css' : 'javascript');
        expect(file.bytes.length).toBeGreaterThan(50);
      }
    });

    it('can be kept: ETag, 304 and HEAD', async () => {
      const { headers, bytes } = await world.call('GET', path);
      const etag = headers.get('etag') ?? '';

      // By hand: fetch adds `cache-control: no-cache`, which rightly makes a server send the file again.
      const unchanged = await world.raw(`GET ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\nif-none-match: ${etag}\r\n\r\n`);
      const head = await world.call('HEAD', path);

      expect(headers.get('cache-control')).toBe('public, max-age=60');
      expect(unchanged).toMatch(/^HTTP\/1.1 304 [\s\S]*\r\n\r\n$/);
      expect([head.status, head.headers.get('content-length')]).toEqual([200, String(bytes.length)]);
    });
  });

  it.each(['/docs/assets/package.json', '/pages/../package.json', '/pages/index.html', '/docs/assets/../../package.json'])(
    'serves no other file: %s',
    async (path) => {
      const text = await world.raw(`GET ${path} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`);

      expect(text).toMatch(/^HTTP\/1.1 404 /);
    },
  );

  describe('the description', () => {
    const described = async () => (await world.call('GET', '/openapi.json')).body;

    it('contains the routes of the table, and no other', async () => {
      const { paths } = await described();

      const listed = Object.entries<object>(paths).flatMap(([path, operations]) =>
        Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
      );
      expect(listed.sort()).toEqual(routes.map(({ method, path }) => `${method} ${pathOf(path)}`).sort());
    });

    it('describes each route as the service behind it does', async () => {
      const { paths, components } = await described();

      for (const { method, path, upstream } of routes.filter((route) => route.path.startsWith('/v1/'))) {
        const operation = paths[pathOf(path)][method.toLowerCase()];
        const describedBy = upstream === 'every' ? 'user' : upstream;
        expect(operation['x-of']).toBe(describedBy);
        const reference: string = operation.responses[200].content['application/json'].schema.$ref;
        const name = reference.replace('#/components/schemas/', '');
        expect(Object.keys(components.schemas[name].properties)).toEqual([describedBy]);
      }
    });

    it('keeps apart what services call by the same name, shares what is the same, and leaves out what nobody uses', async () => {
      const { components } = await described();

      expect(Object.keys(components.schemas).sort()).toEqual([
        'Problem',
        'Thing',
        'order.Thing',
        'payment.Thing',
        'product.Thing',
      ]);
    });

    it('says who may call what, and gives every operation an id of its own per service', async () => {
      const { paths, components } = await described();

      expect(components.securitySchemes.bearer).toMatchObject({ type: 'http', scheme: 'bearer' });
      for (const { method, path, access } of routes)
        expect(paths[pathOf(path)][method.toLowerCase()].security).toEqual(access === 'anyone' ? [] : [{ bearer: [] }]);
    });

    it('can be kept: ETag and 304', async () => {
      const { headers } = await world.call('GET', '/openapi.json');
      const etag = headers.get('etag') ?? '';

      const unchanged = await world.call('GET', '/openapi.json', { headers: { 'if-none-match': `"other", W/${etag}` } });

      expect(etag).not.toBe('');
      expect(headers.get('cache-control')).toBe('public, max-age=60');
      expect([unchanged.status, unchanged.bytes.length]).toEqual([304, 0]);
    });
  });

  it('is ready only when all four services are, and alive whatever they are', async () => {
    const ready = async () => (await world.call('GET', '/ready')).status;
    await expect.poll(ready).toBe(200);

    for (const service of Object.values(world.services)) {
      service.ready = false;
      await expect.poll(ready).toBe(503);
      expect((await world.call('GET', '/health')).status).toBe(200);
      service.ready = true;
      await expect.poll(ready).toBe(200);
    }
  });
});
