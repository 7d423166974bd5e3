import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { contractRoutes, pathTo } from './contract.routes.ts';
import { administrator, anyone } from './people.ts';
import { expectProblem } from './problem.ts';
import { get } from './raw.request.ts';
import type { ShopClient } from './shop.client.ts';

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: object;
}
type Content = Record<string, { schema: z.core.JSONSchema.JSONSchema }>;
interface Operation {
  operationId: string;
  parameters?: Parameter[];
  requestBody?: { content: Content };
  responses: Record<string, { description: string; content?: Content }>;
  security?: object[];
}
interface Document {
  openapi: string;
  info: { title: string; version: string };
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, object>; securitySchemes: Record<string, object> };
}

const webhook = 'POST /v1/webhooks/stripe';

describe('the API description', () => {
  let document: Document;
  let operations: [name: string, path: string, operation: Operation][];
  let admin: ShopClient;
  const operationOf = ({ method, path }: { method: string; path: string }) => document.paths[path]?.[method.toLowerCase()];

  beforeAll(async () => {
    admin = await administrator();
    document = (await anyone().get<Document>('/openapi.json')).body as unknown as Document;
    operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => [`${method.toUpperCase()} ${path}`, path, operation] as const),
    ) as typeof operations;
  });

  it('is OpenAPI 3.1, whole: every reference leads somewhere and every operation has its own name', () => {
    const references = JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g);
    const lookUp = (path: string) =>
      path.split('/').reduce((node: unknown, key) => (node as Record<string, unknown>)?.[key], document);

    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.info).toMatchObject({ title: expect.any(String), version: expect.any(String) });
    for (const [, path = ''] of references) expect(lookUp(path), path).toBeDefined();
    // Classes by Unicode property mean something else, or nothing, outside a JavaScript pattern with the u flag.
    expect(JSON.stringify(document)).not.toMatch(/\\[pP]\{/);
    const ids = operations.map(([, , { operationId }]) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [name, , { responses }] of operations) {
      expect(Object.keys(responses).length, name).toBeGreaterThan(0);
      for (const [status, { description }] of Object.entries(responses)) {
        expect(status, name).toMatch(/^([1-5]\d\d|default)$/);
        expect(description, `${name} ${status}`).not.toBe('');
      }
    }
  });

  it('describes every route of the contract, and no other', () => {
    const described = operations.map(([name]) => name).sort();

    expect(described).toEqual([...contractRoutes.map(({ method, path }) => `${method} ${path}`), webhook].sort());
  });

  it('names every parameter: of the path, of pages, and the key', () => {
    for (const route of contractRoutes) {
      const { parameters = [] } = operationOf(route) ?? {};
      const named = parameters.map(({ in: where, name }) => `${where} ${name}`);
      const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => `path ${name}`);

      expect(named, route.path).toEqual(expect.arrayContaining(inPath));
      expect(named.filter((name) => name.startsWith('path'))).toHaveLength(inPath.length);
      if (route.isList) expect(named, route.path).toEqual(expect.arrayContaining(['query limit', 'query cursor']));
      if (route.needsKey) expect(named, route.path).toContain('header Idempotency-Key');
      for (const parameter of parameters) {
        expect(parameter.schema, `${route.path} ${parameter.name}`).toBeTypeOf('object');
        expect(parameter.required ?? false).toBe(parameter.in === 'path' || parameter.name === 'Idempotency-Key');
      }
    }
  });

  it('describes every body', () => {
    for (const route of contractRoutes) {
      const schema = operationOf(route)?.requestBody?.content['application/json']?.schema;

      expect(Object.keys(schema?.properties ?? {}), route.path).toEqual(expect.arrayContaining(Object.keys(route.body ?? {})));
      expect(schema !== undefined, route.path).toBe(route.body !== undefined);
    }
  });

  it('says of each route who may call it', () => {
    for (const route of contractRoutes) {
      const { security, responses = {} } = operationOf(route) ?? {};

      expect(security, route.path).toEqual(route.who === 'anyone' ? [] : [{ bearer: [] }]);
      if (route.who !== 'anyone') expect(Object.keys(responses), route.path).toContain('401');
    }
    expect(document.components.securitySchemes).toHaveProperty('bearer');
  });

  it('tells the refusals that clients act on', () => {
    const refusals: Record<string, string[]> = {
      'POST /v1/orders': ['400', '402', '409', '422'],
      'POST /v1/orders/{id}/cancel': ['400', '404', '409', '422'],
      'POST /v1/admin/orders/{id}/refunds': ['400', '404', '409', '422'],
      'POST /v1/admin/orders/{id}/ship': ['404', '409'],
      'GET /v1/orders/{id}': ['404'],
      'GET /v1/admin/orders/{id}': ['404'],
      'POST /v1/auth/register': ['400', '409'],
      'GET /v1/products/{id}': ['304', '404'],
    };
    for (const [name, statuses] of Object.entries(refusals)) {
      const [method = '', path = ''] = name.split(' ');
      expect(Object.keys(operationOf({ method, path })?.responses ?? {}), name).toEqual(expect.arrayContaining(statuses));
    }
  });

  it('is kept: what can be read answers as described', async () => {
    const readable = contractRoutes.filter(({ method, path }) => method === 'GET' && /^\/v1\/[^{]*$/.test(path));
    for (const route of readable) {
      const schema = operationOf(route)?.responses['200']?.content?.['application/json']?.schema;
      const answer = await admin.get(`${pathTo(route)}${route.isList ? '?limit=3' : ''}`);

      expect(answer.status, route.path).toBe(200);
      expect(schema, route.path).toBeDefined();
      expect(z.fromJSONSchema(schema ?? {}).safeParse(answer.body).error, route.path).toBeUndefined();
    }
  });
});

describe('what anybody can open', () => {
  it.each(['/', '/docs'])('%s is a page whose files are there', async (path) => {
    const page = await get(path);

    expect(page.status).toBe(200);
    expect(page.headers['content-type']).toMatch(/^text\/html/);
    const files = [...page.text.matchAll(/(?:src|href)="(\/[^"#?]+\.\w+)"/g)].map(([, file = '']) => file);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect((await get(file)).status, file).toBe(200);
  });

  it.each(['/health', '/ready'])('%s is 200', async (path) => {
    expect((await get(path)).status).toBe(200);
  });

  it.each(['/', '/docs', '/v1/products?limit=1', '/openapi.json', '/health', '/v1/users/me', '/v1/none', '/%', '/v1/products/1'])(
    '%s comes with the headers that keep browsers safe, and a request id',
    async (path) => {
      const { headers } = await get(path, { 'x-request-id': 'my-request' });

      expect(headers).toMatchObject({
        'content-security-policy': expect.stringContaining("default-src 'self'"),
        'strict-transport-security': expect.stringMatching(/^max-age=\d{7,}/),
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'x-request-id': 'my-request',
      });
      expect(headers).not.toHaveProperty('x-powered-by');
      expect(headers).not.toHaveProperty('server');
    },
  );

  it('a refusal is cached by nobody, a private answer by no proxy', async () => {
    const refused = await get('/v1/products/1');
    expectProblem(refused, 400);
    expect(refused.headers['cache-control']).toContain('no-store');

    const mine = await (await administrator()).get('/v1/users/me');
    expect(mine.headers.get('cache-control') ?? 'no-store').toMatch(/no-store|private/);
  });
});
