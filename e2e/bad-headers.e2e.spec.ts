import { beforeAll, describe, expect, it } from 'vitest';
import { byName, contractRoutes, json, pathTo } from './contract.routes.ts';
import { administrator } from './people.ts';
import { expectBadField, expectProblem, forEach } from './problem.ts';
import { get, send } from './raw.request.ts';

const needKey = contractRoutes.filter(({ needsKey }) => needsKey);
const badKeys = Object.entries({
  empty: '',
  'a space': 'a b',
  'a tab': 'a\tb',
  'an umlaut': 'schl\u00fcssel',
  'too much': 'x'.repeat(256),
}).map(([name, key]) => ({ name, key }));

describe('a bad header', () => {
  let token: Record<string, string>;

  beforeAll(async () => {
    token = (await administrator()).authorization();
  });

  it.each(byName(needKey))('%s wants an Idempotency-Key of 1 to 255 visible characters', async (_, route) => {
    const headers = { ...token, ...(route.body === undefined ? {} : json) };
    const body = route.body === undefined ? undefined : JSON.stringify(route.body);
    const request = { method: route.method, path: pathTo(route), body, headers };

    expectBadField(await send(request), 'Idempotency-Key');
    await forEach(badKeys, async ({ key }) =>
      expectBadField(await send({ ...request, headers: { ...headers, 'idempotency-key': key } }), 'Idempotency-Key'),
    );
  });

  it.each([
    ['empty', ''],
    ['without a scheme', 'abc'],
    ['of another scheme', 'Basic YTpi'],
    ['only a scheme', 'Bearer '],
    ['garbage', 'Bearer garbage'],
    ['garbage in three parts', 'Bearer a.b.c'],
    ['signed by nobody', `Bearer ${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`],
    ['far too much', `Bearer ${'x'.repeat(8_000)}`],
  ])('a token that is %s is 401', async (_, authorization) => {
    const answer = await get('/v1/users/me', { authorization });

    expectProblem(answer, 401);
    expect(answer.headers['www-authenticate']).toMatch(/^Bearer/);
  });

  it('a token with another role written into it is 401', async () => {
    const [head, payload, signature] = (token.authorization ?? '').split('.');
    const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString());
    const forged = Buffer.from(JSON.stringify({ ...claims, exp: claims.exp + 1 })).toString('base64url');

    expectProblem(await get('/v1/users/me', { authorization: `${head}.${forged}.${signature}` }), 401);
  });

  it.each([
    ['x-request-id', 'a b\tc'],
    ['x-request-id', 'x'.repeat(500)],
    ['x-request-timeout-ms', '1'],
    ['x-service-token', 'garbage'],
    ['x-client-address', 'nobody'],
    ['x-forwarded-for', '1.2.3.4, \u00ff'],
    ['if-none-match', '"'],
    ['accept', 'nothing/at-all'],
    ['accept-encoding', 'br;q=x'],
    ['traceparent', '00-zz'],
    ['range', 'bytes=0-1'],
    ['x-http-method-override', 'DELETE'],
    ['content-type', 'text/plain'],
  ])('%s: %.20j changes nothing', async (name, value) => {
    expect((await get('/v1/products?limit=1', { [name]: value })).status).toBe(200);
  });
});
