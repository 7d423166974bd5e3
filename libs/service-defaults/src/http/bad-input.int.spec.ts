import { connect } from 'node:net';
import { startApp, type TestApp, type TestRequest } from '@emporium/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig, tinyModule } from '../../test/tiny.service.ts';

const mib = 1_048_576;
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const body = (extra: string) => `{"name":"cup",${extra}}`;
const id = '7f9c24e8-3b12-4fef-91e0-5d2e3b0c1a2b';

describe('bad input', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ name: 'product', module: tinyModule, config: loadConfig });
  });
  afterAll(() => app.close());

  const expectProblem = ({ status, headers, body: problem }: Awaited<ReturnType<TestApp['request']>>, expected: number) => {
    expect(status).toBe(expected);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(problem).toMatchObject({ status: expected, requestId: headers.get('x-request-id') });
    expect(problem.type).toMatch(/^https:\/\/emporium\.example\/problems\/[a-z-]+$/);
    for (const member of ['title', 'detail', 'instance']) expect(problem[member]).toEqual(expect.any(String));
  };

  it.each([
    ['NUL in a text', '{"name":"a\\u0000b"}', 'name'],
    ['NUL in a list of objects', body('"parts":[{"code":"a"},{"code":"\\u0000"}]'), 'parts.1.code'],
    ['NUL in a name', body('"a\\u0000":1'), undefined],
    ['half a surrogate pair', '{"name":"\\ud800"}', 'name'],
    ['the other half', '{"name":"a\\udc00"}', 'name'],
    ['1e400', body('"size":1e400'), 'size'],
    ['-1e400', body('"size":-1e400'), 'size'],
    ['a number that is not exact', body('"size":9007199254740993'), 'size'],
    ['a number as text', body('"size":"1"'), 'size'],
    ['__proto__', body('"__proto__":{"admin":true}'), 'body'],
    ['constructor.prototype', body('"constructor":{"prototype":{"admin":true}}'), 'body'],
    ['a nested __proto__', body('"parts":[{"__proto__":{}}]'), 'body'],
    ['1,000 levels', body(`"parts":${nested(1000)}`), undefined],
    ['33 levels', body(`"parts":${nested(32)}`), undefined],
    ['half a million levels', '['.repeat(500_000) + ']'.repeat(500_000), undefined],
    ['an unknown field', body('"price":1'), 'price'],
    ['a field missing', '{}', 'name'],
    ['an empty body', '', 'body'],
    ['null', 'null', 'body'],
    ['a number', '5', 'body'],
    ['a list', '[]', 'body'],
    ['invalid JSON', '{"name":', 'body'],
    ['two JSON values', '{"name":"a"}{}', 'body'],
    ['a comment', '/**/{"name":"a"}', 'body'],
    ['NaN', body('"size":NaN'), 'body'],
    ['a bare NUL byte', '{"name":"a\u0000"}', 'body'],
    ['two BOMs', '\ufeff\ufeff{"name":"cup"}', 'body'],
  ])('names the field for %s', async (_, text, field) => {
    const answer = await app.request('POST', '/v1/things', { as: {}, body: text });

    expectProblem(answer, 400);
    expect(answer.body.code).toBe('invalid-request');
    expect(answer.body.errors).toEqual([{ field: field ?? expect.any(String), message: expect.any(String) }]);
  });

  it('takes a body with a BOM, which JSON parsers may ignore', async () => {
    const { status } = await app.request('POST', '/v1/things', { as: {}, body: '\ufeff{"name":"cup"}' });

    expect(status).toBe(201);
  });

  it('takes 32 levels, emoji, and the largest exact number', async () => {
    const label = { deep: JSON.parse(nested(30)), text: '🫖', size: Number.MAX_SAFE_INTEGER };

    const answer = await app.request('PUT', '/v1/things/1/label', { as: {}, body: label });

    expect(answer.body.body).toEqual(label);
  });

  it('refuses bytes that are not UTF-8', async () => {
    const answer = await send(Buffer.from('7b226e616d65223a22ff227d', 'hex'), 'application/json');

    expectProblem(answer, 400);
  });

  it('names every bad field, the first fifty at most, and cuts what is long', async () => {
    const parts = Array.from({ length: 60 }, () => ({ code: 'too long' }));
    const many = await app.request('POST', '/v1/things', { as: {}, body: { name: '', parts } });
    const long = await app.request('POST', '/v1/things', {
      as: {},
      body: { name: 'a', ['x'.repeat(100_000)]: 1, ['💥'.repeat(300)]: 2 },
    });

    expect(many.body.errors).toHaveLength(50);
    expect(many.body.errors[0].field).toBe('name');
    expect(many.body.errors[1].field).toBe('parts.0.code');
    expect(JSON.stringify(long.body).length).toBeLessThan(2000);
    expect(long.body.errors).toHaveLength(2);
  });

  it.each([
    'application/json',
    'application/json;charset=utf-8',
    'application/json; charset=UTF-8',
    'Application/JSON; charset="utf-8"',
    'application/merge-patch+json',
  ])('takes the content type %j', async (type) => {
    const { status } = await send(Buffer.from('{"name":"cup"}'), type);

    expect(status).toBe(201);
  });

  it.each([
    'application/json\t',
    '\tapplication/json',
    'application/json\t; charset=utf-8',
    'application/json;\tcharset=utf-8',
    'application/jsonx',
    'application/json, text/plain',
    'application/json; charset=latin1',
    'application/json; charset',
    'application/json;;',
    'application/json; a=b; boundary="',
    'application /json',
    'application',
    'text/plain',
    'text/plain; application/json',
    'text/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/+json',
    '',
  ])('refuses the content type %j', async (type) => {
    const answer = await rawRequest(app, `content-type: ${type}`, '{"name":"cup"}');

    // Node's parser takes blanks around a header value away, as HTTP says; what is left is then plain JSON.
    expect([415, type.trim() === 'application/json' ? 201 : 415]).toContain(answer.status);
  });

  it('refuses a leading blank that survives the parser', async () => {
    const answer = await rawRequest(app, 'content-type: \u000bapplication/json', '{"name":"cup"}');

    expect([400, 415]).toContain(answer.status);
  });

  it('refuses a body without a content type', async () => {
    const answer = await rawRequest(app, 'x-nothing: 1', '{"name":"cup"}');

    expect(answer.status).toBe(415);
  });

  it('takes a request without a body whatever content type it names', async () => {
    const post = (type: string) =>
      app.request('POST', '/v1/things/once', { as: {}, headers: { 'content-type': type, 'idempotency-key': 'k' } });

    const statuses = await Promise.all(
      ['application/json', 'text/plain', 'nonsense/'].map(async (type) => (await post(type)).status),
    );

    expect(statuses.slice(0, 2)).toEqual([201, 201]);
    expect([201, 415]).toContain(statuses[2]);
  });

  it('answers 413 to a body over 1 MiB, and the connection lives on', async () => {
    const answer = await app.request('POST', '/v1/things', { as: {}, body: `{"name":"${'x'.repeat(2 * mib)}"}` });

    expectProblem(answer, 413);
    expect(answer.headers.get('connection')).not.toBe('close');
  });

  it('answers 413 to a body over 1 MiB that does not say its length', async () => {
    const chunk = Buffer.alloc(65_536, 'x');
    let left = 40;
    const stream = new ReadableStream({
      pull: (controller) => (left-- > 0 ? controller.enqueue(chunk) : controller.close()),
    });

    const answer = await send(stream, 'application/json');

    expectProblem(answer, 413);
  });

  it('takes a body of exactly 1 MiB to its schema', async () => {
    const answer = await app.request('POST', '/v1/things', { as: {}, body: `{"name":"${'x'.repeat(mib - 11)}"}` });

    expectProblem(answer, 400);
    expect(answer.body.errors[0].field).toBe('name');
  });

  it.each([
    ['an id that is none', `/v1/things/abc`, 'id'],
    ['NUL in a path', '/v1/things/%00', 'id'],
    ['NUL inside a path', '/v1/things/a%00b', 'id'],
    ['NUL in a query', '/v1/things?q=%00', 'q'],
    ['NUL in the name of a query parameter', '/v1/things?%00=1', 'query'],
    ['NUL in a repeated parameter', '/v1/things?q=a&q=%00', 'q'],
    ['a repeated parameter', '/v1/things?q=a&q=b', 'q'],
    ['a bad parameter', '/v1/things?limit=many', 'limit'],
  ])('names the field for %s', async (_, path, field) => {
    const answer = await app.request('GET', path, { as: {} });

    expectProblem(answer, 400);
    expect(answer.body.errors).toEqual([{ field, message: expect.any(String) }]);
  });

  it.each([
    ['in the path', '/v1/things/%zz'],
    ['cut off in the path', '/v1/things/%e0%a4'],
    ['a surrogate in the path', '/v1/things/%ed%a0%80'],
    ['in the query', '/v1/things?q=%zz'],
    ['cut off in the query', '/v1/things?q=%'],
    ['not UTF-8 in the query', '/v1/things?q=%ff'],
  ])('answers 400 to malformed percent-encoding %s', async (_, path) => {
    const answer = await app.request('GET', path, { as: {} });

    expectProblem(answer, 400);
    expect(answer.body.code).toBe('malformed-url');
  });

  it('answers 400 to a path parameter that is too long', async () => {
    expectProblem(await app.request('GET', `/v1/things/${'a'.repeat(501)}`, { as: {} }), 400);
  });

  it('does not let a query reach a prototype', async () => {
    const { status, body: answer } = await app.request('GET', '/v1/things?__proto__=1&constructor=2&unknown=3&q=x');

    expect(status).toBe(200);
    expect(answer).toEqual({ query: { q: 'x' } });
  });

  it.each([
    ['PATCH', '/v1/things', 405, 'GET, HEAD, POST'],
    ['PUT', `/v1/things/${id}`, 405, 'DELETE, GET, HEAD'],
    ['OPTIONS', '/v1/things', 405, 'GET, HEAD, POST'],
    ['POST', '/health', 405, 'GET, HEAD'],
    ['GET', '/v1/things/', 404, null],
    ['GET', '/v1//things', 404, null],
    ['GET', '/V1/things', 404, null],
    ['GET', '/', 404, null],
    ['POST', '/nothing', 404, null],
    ['GET', '/v1/things/../../etc/passwd', 404, null],
  ])('answers %s %s with %i', async (method, path, status, allow) => {
    const answer = await app.request(method, path, { caller: null, ...(method === 'POST' && { body: '{' }) });

    expectProblem(answer, status);
    expect(answer.headers.get('allow')).toBe(allow);
  });

  it('answers 431 to headers or an address that are too long', async () => {
    const header = await rawRequest(app, `x-long: ${'a'.repeat(20_000)}`, '');
    const address = await raw(app, `GET /v1/things?q=${'a'.repeat(20_000)} HTTP/1.1\r\nhost: a\r\n\r\n`);

    for (const answer of [header, address]) {
      expect(answer.status).toBe(431);
      expect(answer.text).toContain('application/problem+json');
      expect(answer.text).toContain('headers-too-large');
    }
  });

  it.each([
    ['no HTTP at all', 'hello\r\n\r\n'],
    ['an unknown method', 'FOO / HTTP/1.1\r\nhost: a\r\n\r\n'],
    ['both lengths', 'POST /v1/things HTTP/1.1\r\nhost: a\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n'],
    ['a bad chunk', 'POST /v1/things HTTP/1.1\r\nhost: a\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'],
    ['NUL in a header', 'GET / HTTP/1.1\r\nhost: a\r\nx: \u0000\r\n\r\n'],
    ['no host', 'GET / HTTP/1.1\r\n\r\n'],
  ])('answers %s with a clean 4xx', async (_, text) => {
    const { status, text: answer } = await raw(app, text);

    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(answer === '' || status === 400 || answer.includes('problem+json')).toBe(true);
  });

  it.each(['*', 'http://other.example/v1/things', '//v1/things', '/v1/things#fragment'])(
    'survives the target %s',
    async (target) => {
      const { status } = await raw(app, `GET ${target} HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`);

      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    },
  );

  it('is as well as before after all of this', async () => {
    const { status } = await app.request('POST', '/v1/things', { as: {}, body: { name: 'cup' } });

    expect(status).toBe(201);
    expect(({} as Record<string, unknown>).admin).toBeUndefined();
  });

  const send = async (content: Buffer | ReadableStream, type: string): ReturnType<TestApp['request']> => {
    const request: TestRequest = { as: {} };
    const response = await fetch(`${app.url}/v1/things`, {
      method: 'POST',
      headers: {
        'content-type': type,
        'x-service-token': await app.tokens.service('gateway'),
        authorization: `Bearer ${await app.tokens.user(request.as?.sub)}`,
      },
      body: content,
      duplex: 'half',
    } as object);
    return { status: response.status, headers: response.headers, body: await response.json() };
  };
});

/** A request with headers as they are written, which `fetch` would tidy up. */
async function rawRequest(app: TestApp, header: string, content: string) {
  const head = [
    'POST /v1/things HTTP/1.1',
    'host: a',
    'connection: close',
    `x-service-token: ${await app.tokens.service('gateway')}`,
    `authorization: Bearer ${await app.tokens.user()}`,
    `content-length: ${Buffer.byteLength(content)}`,
    header,
  ];
  return raw(app, `${head.join('\r\n')}\r\n\r\n${content}`);
}

async function raw(app: TestApp, text: string): Promise<{ status: number; text: string }> {
  const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
  socket.setTimeout(5_000, () => socket.destroy(new Error('no answer within 5 s')));
  socket.write(Buffer.from(text, 'latin1'));
  let answer = '';
  for await (const chunk of socket) {
    answer += chunk;
    if (!/connection: close/i.test(answer) && answer.includes('\r\n\r\n')) break;
  }
  socket.destroy();
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0), text: answer };
}
