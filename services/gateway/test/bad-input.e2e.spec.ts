import { testRedis } from '@emporium/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { securityHeaders } from '../src/pages/security.headers.ts';
import { GatewayWorld } from './gateway-world.ts';

const statusOf = (text: string) => Number(/^HTTP\/1.1 (\d{3}) /.exec(text)?.[1]);
const request = (line: string, headers: string[] = [], body = '') =>
  Buffer.from([line, 'host: a', 'connection: close', ...headers, '', body].join('\r\n'), 'latin1');

describe('bad input at the gateway', () => {
  const redis = testRedis();
  let world: GatewayWorld;
  beforeAll(async () => {
    world = await GatewayWorld.start({ REDIS_URL: redis.url });
  });
  beforeEach(() => world.reset());
  afterAll(() => world.close());

  const heard = () => Object.values(world.services).flatMap(({ calls }) => calls);

  /** Whatever was sent: an answer of ours, with the status, a problem and the headers of every answer. */
  const expectRefusal = (text: string, statuses: number[]) => {
    expect(statuses).toContain(statusOf(text));
    expect(text.toLowerCase()).toContain('content-type: application/problem+json');
    for (const [name, value] of Object.entries(securityHeaders))
      expect(text.toLowerCase()).toContain(`${name}: ${value}`.toLowerCase());
    expect(text).toMatch(/x-request-id: [0-9a-f-]{36}/i);
    const body = JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4));
    expect(body).toMatchObject({ status: statusOf(text), requestId: expect.any(String), code: expect.any(String) });
  };

  it.each<[string, Buffer, number[]]>([
    ['an address that is too long', request(`GET /v1/products?q=${'x'.repeat(20_000)} HTTP/1.1`), [431]],
    ['a part of a path that is too long', request(`GET /v1/products/${'x'.repeat(2_000)} HTTP/1.1`), [400, 404]],
    ['headers that are too long', request('GET /v1/products HTTP/1.1', [`x-long: ${'x'.repeat(20_000)}`]), [431]],
    [
      'a thousand headers',
      request(
        'GET /v1/products HTTP/1.1',
        Array.from({ length: 2_000 }, (_, i) => `x-${i}: 1`),
      ),
      [431],
    ],
    ['a path that is not encoded well', request('GET /v1/products/%zz HTTP/1.1'), [400]],
    ['a path that is not UTF-8', request('GET /v1/products/%ff HTTP/1.1'), [400]],
    ['NUL in a path', request('GET /v1/products/%00 HTTP/1.1'), [400]],
    ['a query that is not encoded well', request('GET /v1/products?q=%zz HTTP/1.1'), [400]],
    ['a query that is not UTF-8', request('GET /v1/products?q=%ff HTTP/1.1'), [400]],
    ['NUL in a query', request('GET /v1/products?q=%00 HTTP/1.1'), [400]],
    ['bytes above ASCII in an address', request('GET /v1/products?q=\xe9 HTTP/1.1'), [400]],
    ['a tab in an address', request('GET /v1/products?q=a\tb HTTP/1.1'), [400]],
    ['a space in an address', request('GET /v1/products?q=a b HTTP/1.1'), [400]],
    ['what is not HTTP', Buffer.from('hello\r\n\r\n'), [400]],
    ['a newer HTTP', Buffer.from('GET / HTTP/3.0\r\nhost: a\r\n\r\n'), [400]],
    ['no host', Buffer.from('GET /v1/products HTTP/1.1\r\nconnection: close\r\n\r\n'), [400]],
    ['an unknown method', request('BREW /v1/products HTTP/1.1'), [400]],
    ['two lengths', request('POST /v1/auth/login HTTP/1.1', ['content-length: 1', 'content-length: 2'], 'ab'), [400]],
    [
      'a length and chunks',
      request('POST /v1/auth/login HTTP/1.1', ['content-length: 3', 'transfer-encoding: chunked'], '0\r\n\r\n'),
      [400],
    ],
    ['a broken chunk', request('POST /v1/auth/login HTTP/1.1', ['transfer-encoding: chunked'], 'zz\r\nabc\r\n'), [400]],
    ['an asterisk for an address', request('OPTIONS * HTTP/1.1'), [400, 404]],
    ['the address of another server', request('GET ftp://evil.example/v1/products HTTP/1.1'), [400, 404]],
    ['an address with user and fragment', request('GET http://a@b#/v1/products HTTP/1.1'), [400, 404]],
    ['a path that is not there', request('GET /nothing HTTP/1.1'), [404]],
    ['an empty part of a path', request('GET /v1/products/ HTTP/1.1'), [404]],
    ['doubled slashes', request('GET //v1//products HTTP/1.1'), [404]],
    ['other letters', request('GET /V1/PRODUCTS HTTP/1.1'), [404]],
    ['another method', request('PUT /v1/products HTTP/1.1'), [405]],
  ])('refuses %s', async (_, bytes, statuses) => {
    const text = await world.raw(bytes);

    expectRefusal(text, statuses);
    expect(heard()).toEqual([]);
  });

  it('opens no tunnels', async () => {
    const answer = await world.raw(request('CONNECT evil.example:443 HTTP/1.1'));

    expect(answer).toMatch(/^HTTP\/1\.1 405 Method Not Allowed\r\n/);
    expect(answer).toContain('"code":"method-not-allowed"');
    expect(answer).toContain('content-security-policy');
  });

  it('says which methods an address takes', async () => {
    const { status, headers, body } = await world.call('PUT', '/v1/products');

    expect([status, headers.get('allow'), body.code]).toEqual([405, 'GET, HEAD, POST', 'method-not-allowed']);
  });

  describe('bodies', () => {
    const mebibyte = 1_048_576;

    it('passes 1 MiB on and refuses one byte more, whether the length is told or not', async () => {
      const atMost = await world.call('POST', '/v1/auth/login', { body: Buffer.alloc(mebibyte, 'x') });
      const told = await world.call('POST', '/v1/auth/login', { body: Buffer.alloc(mebibyte + 1, 'x') });
      const untold = await world.raw(
        request('POST /v1/auth/login HTTP/1.1', ['transfer-encoding: chunked'], chunked('x'.repeat(mebibyte + 1))),
      );

      expect(atMost.status).toBe(200);
      expect([told.status, told.body.code]).toEqual([413, 'body-too-large']);
      expectRefusal(untold, [413]);
      expect(heard().map(({ body }) => body.length)).toEqual([mebibyte]);
    });

    it('refuses a body that is said to be huge before it is sent', async () => {
      const text = await world.raw(request('POST /v1/auth/login HTTP/1.1', ['content-length: 99999999999']));

      expectRefusal(text, [413]);
    });

    it.each([
      'application/json',
      'application/json;charset=utf-8',
      'application/json\t; charset=utf-8',
      'application/json ; a',
      'APPLICATION/JSON',
      'text/plain',
      'multipart/form-data; boundary=x',
      'application/octet-stream',
      'application/',
      'application',
      '/',
      ';',
      'a b',
      'application/json, text/plain',
      'application/json\u00a0',
    ])('takes or refuses the content type "%s", and never fails', async (type) => {
      const body = '{"a":1}';
      const text = await world.raw(
        request('POST /v1/auth/login HTTP/1.1', [`content-type: ${type}`, `content-length: ${body.length}`], body),
      );

      if (statusOf(text) === 200) expect(heard()).toMatchObject([{ headers: { 'content-type': type } }]);
      else expectRefusal(text, [400, 415]);
      for (const call of heard()) expect(call.body.toString()).toBe(body);
    });

    it('takes a body without a content type as it is', async () => {
      const text = await world.raw(request('POST /v1/auth/login HTTP/1.1', ['content-length: 2'], '{}'));

      expect(statusOf(text)).toBe(200);
      expect(heard()[0]?.headers['content-type']).toBeUndefined();
    });

    it('does not pass on the body of a GET, nor takes it for the next request', async () => {
      const next = 'GET /nothing HTTP/1.1\r\nhost: a\r\n\r\n';
      const text = await world.raw(request('GET /v1/products HTTP/1.1', [`content-length: ${next.length}`], next));

      expect(text.match(/HTTP\/1.1 \d{3}/g)).toEqual(['HTTP/1.1 200']);
      expect(heard()).toHaveLength(1);
      expect(heard()[0]?.body).toHaveLength(0);
    });
  });

  it('survives clients that leave in the middle', async () => {
    const { hostname, port } = new URL(world.app.url);
    const { connect } = await import('node:net');
    await Promise.all(
      Array.from({ length: 20 }, () => {
        return new Promise<void>((resolve) => {
          const socket = connect(Number(port), hostname, () => {
            socket.write('POST /v1/auth/login HTTP/1.1\r\nhost: a\r\ncontent-length: 100\r\n\r\n{');
            setImmediate(() => socket.resetAndDestroy());
          });
          socket.on('close', () => resolve());
          socket.on('error', () => resolve());
        });
      }),
    );

    expect((await world.call('GET', '/v1/products')).status).toBe(200);
  });
});

const chunked = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
