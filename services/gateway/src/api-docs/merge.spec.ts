import { describe, expect, it } from 'vitest';
import { merge } from './merge.ts';
import { type OpenApiDocument, openApiDocument } from './open-api.ts';

const document = (paths: OpenApiDocument['paths'], schemas: Record<string, unknown> = {}): OpenApiDocument =>
  openApiDocument.parse({ openapi: '3.1.0', paths, components: { schemas } });

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` });
const operation = (schema: unknown, operationId = 'Things_list') => ({
  operationId,
  responses: { 200: { description: 'x', schema } },
});
const route = (
  path: string,
  upstream: 'user' | 'order',
  access: 'anyone' | 'user' = 'anyone',
  method: 'GET' | 'POST' = 'GET',
) => ({
  method,
  path,
  upstream,
  access,
});
// biome-ignore lint/suspicious/noExplicitAny: specs look into documents of every shape
const schemaOf = (merged: OpenApiDocument, path: string, method = 'get'): any =>
  (merged.paths[path]?.[method] as { responses: Record<number, { schema: unknown }> } | undefined)?.responses[200]?.schema;

describe('the merged document', () => {
  it('lists the routes of the table only, each from the service it leads to', () => {
    const user = document({
      '/v1/a': { get: operation('user a'), delete: operation('hidden') },
      '/v1/internal': { get: operation('hidden') },
    });
    const order = document({ '/v1/a': { get: operation('order a') }, '/v1/b/{id}': { get: operation('order b') } });

    const merged = merge(new Map(Object.entries({ user, order })), [route('/v1/a', 'user'), route('/v1/b/:id', 'order')]);

    expect(Object.keys(merged.paths)).toEqual(['/v1/a', '/v1/b/{id}']);
    expect(Object.keys(merged.paths['/v1/a'] ?? {})).toEqual(['get']);
    expect([schemaOf(merged, '/v1/a'), schemaOf(merged, '/v1/b/{id}')]).toEqual(['user a', 'order b']);
  });

  it('puts the methods of one path together', () => {
    const user = document({ '/v1/a': { get: operation('list'), post: operation('create') } });

    const merged = merge(new Map([['user', user]]), [route('/v1/a', 'user'), route('/v1/a', 'user', 'user', 'POST')]);

    expect(Object.keys(merged.paths['/v1/a'] ?? {})).toEqual(['get', 'post']);
    expect(merged.paths['/v1/a']?.get).toMatchObject({ security: [], tags: ['user'], operationId: 'user_Things_list' });
    expect(merged.paths['/v1/a']?.post).toMatchObject({ security: [{ bearer: [] }] });
  });

  it('names a route that its service does not describe', () => {
    const merged = merge(new Map(), [route('/v1/b/:id', 'order', 'user')]);

    expect(merged.paths['/v1/b/{id}']?.get).toEqual({
      parameters: [{ name: 'id', in: 'path', required: true, schema: { type: 'string' } }],
      responses: { 200: { description: 'Done.' } },
      operationId: 'order_get__v1_b_id_',
      tags: ['order'],
      security: [{ bearer: [] }],
    });
  });

  it('shares a component that means the same in two services', () => {
    const schemas = { Problem: { type: 'object' } };
    const documents = {
      user: document({ '/a': { get: operation(ref('Problem')) } }, schemas),
      order: document({ '/b': { get: operation(ref('Problem')) } }, schemas),
    };

    const merged = merge(new Map(Object.entries(documents)), [route('/a', 'user'), route('/b', 'order')]);

    expect(merged.components.schemas).toEqual({ Problem: { type: 'object' } });
  });

  it('keeps apart components of one name and two meanings', () => {
    const user = document({ '/a': { get: operation(ref('Item')) } }, { Item: { title: 'of user' } });
    const order = document({ '/b': { get: operation({ type: 'array', items: ref('Item') }) } }, { Item: { title: 'of order' } });

    const merged = merge(new Map(Object.entries({ user, order })), [route('/a', 'user'), route('/b', 'order')]);

    expect(schemaOf(merged, '/a')).toEqual(ref('Item'));
    expect(schemaOf(merged, '/b')).toEqual({ type: 'array', items: ref('order.Item') });
    expect(merged.components.schemas).toEqual({ Item: { title: 'of user' }, 'order.Item': { title: 'of order' } });
  });

  it('keeps apart components that look the same and refer to different ones', () => {
    const list = { type: 'array', items: ref('Item') };
    const user = document({ '/a': { get: operation(ref('List')) } }, { List: list, Item: { title: 'of user' } });
    const order = document({ '/b': { get: operation(ref('List')) } }, { List: list, Item: { title: 'of order' } });

    const merged = merge(new Map(Object.entries({ user, order })), [route('/a', 'user'), route('/b', 'order')]);

    expect(schemaOf(merged, '/b')).toEqual(ref('order.List'));
    expect(merged.components.schemas).toMatchObject({
      List: { items: ref('Item') },
      Item: { title: 'of user' },
      'order.List': { items: ref('order.Item') },
      'order.Item': { title: 'of order' },
    });
  });

  it('follows components that refer to themselves, and leaves out what nobody refers to', () => {
    const tree = { properties: { children: { type: 'array', items: ref('Tree') } } };
    const user = document({ '/a': { get: operation(ref('Tree')) } }, { Tree: tree, Unused: {} });

    const merged = merge(new Map([['user', user]]), [route('/a', 'user')]);

    expect(merged.components.schemas).toEqual({ Tree: tree });
  });

  it('does not change what the services said', () => {
    const user = document({ '/a': { get: operation(ref('Item')) } }, { Item: { title: 'of user' } });
    const before = structuredClone(user);

    merge(new Map([['user', user]]), [route('/a', 'user')]);

    expect(user).toEqual(before);
  });

  it('survives references to what is not there, and texts that only look like one', () => {
    const user = document({ '/a': { get: operation({ a: ref('Gone'), b: { $ref: '#/$defs/x' }, c: { $ref: 1 }, d: null }) } });

    const merged = merge(new Map([['user', user]]), [route('/a', 'user')]);

    expect(schemaOf(merged, '/a')).toEqual({ a: ref('Gone'), b: { $ref: '#/$defs/x' }, c: { $ref: 1 }, d: null });
  });
});
