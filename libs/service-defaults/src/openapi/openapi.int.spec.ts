import { startApp, type TestApp } from '@emporium/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig, tinyModule } from '../../test/tiny.service.ts';

describe('the OpenAPI document', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ name: 'product', module: tinyModule, config: loadConfig });
  });
  afterAll(() => app.close());

  it('is for the gateway', async () => {
    const answers = await Promise.all(
      ['gateway', 'order', null].map((caller) => app.request('GET', '/openapi.json', { caller })),
    );

    expect(answers.map(({ status }) => status)).toEqual([200, 403, 401]);
    expect(answers[0]?.body.openapi).toBe('3.1.0');
  });

  it('tells of the public routes only', async () => {
    const { body } = await app.request('GET', '/openapi.json');

    expect(Object.keys(body.paths).length).toBeGreaterThan(5);
    expect(Object.keys(body.paths).filter((path) => !path.startsWith('/v1/'))).toEqual([]);
  });

  it('describes requests and answers with the schemas that check them', async () => {
    const { body } = await app.request('GET', '/openapi.json');
    const { post, get } = body.paths['/v1/things'];

    expect(post.requestBody.content['application/json'].schema).toMatchObject({
      type: 'object',
      required: ['name'],
      additionalProperties: false,
      properties: { name: { type: 'string', minLength: 1, maxLength: 50 } },
    });
    expect(post.responses['201']).toMatchObject({
      description: 'The new thing.',
      content: { 'application/json': { schema: { properties: { id: { format: 'uuid' } } } } },
    });
    expect(get.parameters).toEqual(
      expect.arrayContaining([expect.objectContaining({ name: 'limit', in: 'query', required: false })]),
    );
    expect(body.paths['/v1/things/{id}'].get.parameters).toEqual([
      expect.objectContaining({ name: 'id', in: 'path', required: true, schema: expect.objectContaining({ format: 'uuid' }) }),
    ]);
  });

  it('documents the Idempotency-Key of a route that wants one, and what it may be refused for', async () => {
    const { body } = await app.request('GET', '/openapi.json');
    const { post } = body.paths['/v1/things/once'];

    expect(post.parameters).toEqual([
      expect.objectContaining({
        name: 'Idempotency-Key',
        in: 'header',
        required: true,
        schema: { type: 'string', minLength: 1, maxLength: 255, pattern: '^[\\x21-\\x7e]+$' },
      }),
    ]);
    expect(Object.keys(post.responses)).toEqual(expect.arrayContaining(['409', '422']));
  });

  it('documents problems, those of every route included', async () => {
    const { body } = await app.request('GET', '/openapi.json');
    const { responses } = body.paths['/v1/things/{id}'].get;

    for (const status of [400, 401, 403, 404, 429, 503, 504]) {
      expect(responses[status].content).toEqual({
        'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
      });
    }
    expect(body.components.schemas.Problem.required).toEqual(expect.arrayContaining(['type', 'title', 'status', 'requestId']));
  });

  it('says which routes need a user', async () => {
    const { body } = await app.request('GET', '/openapi.json');

    expect(body.paths['/v1/things'].post.security).toEqual([{ bearer: [] }]);
    expect(body.paths['/v1/things'].get.security).toBeUndefined();
    expect(body.paths['/v1/things/{id}'].delete).toMatchObject({ security: [{ bearer: [] }], 'x-roles': ['admin'] });
  });
});
