import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { byName, callerOf, contractRoutes, json, pathTo } from './contract.routes.ts';
import { badCursors, badIds, badLimits, outlandishCursors } from './mutations.ts';
import { administrator } from './people.ts';
import { expectBadField, expectProblem, forEach } from './problem.ts';
import { get, send, sendBytes } from './raw.request.ts';

const withId = contractRoutes.filter(({ path }) => path.includes('{'));
const lists = contractRoutes.filter(({ isList }) => isList);
const shortened = <Case extends readonly [string, ...unknown[]]>(cases: readonly Case[]) =>
  cases.map((each) => [each[0].slice(0, 60), ...each] as const);

describe('a bad address', () => {
  let call: ReturnType<typeof callerOf>;
  let token: Record<string, string>;

  beforeAll(async () => {
    const admin = await administrator();
    call = callerOf(admin);
    token = admin.authorization();
  });

  it.each(byName(withId))('%s refuses ids that are none', async (_, route) => {
    const body = route.body === undefined ? {} : { body: JSON.stringify(route.body), headers: json };
    await forEach(badIds, async ({ id }) => {
      const answer = await call(route, { path: pathTo(route, id), ...body });
      expect(expectProblem(answer).status).toBeOneOf([400, 404]);
    });
    const field = /\{(\w+)\}/.exec(route.path)?.[1] ?? '';
    expectBadField(await call(route, { path: pathTo(route, 'abc'), ...body }), field);
  });

  it.each(byName(withId.filter(({ method }) => method === 'GET')))('%s finds nothing under ids never given', async (_, route) => {
    for (const id of ['11111111-1111-1111-1111-111111111111', 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF']) {
      expectProblem(await call(route, { path: pathTo(route, id) }), 404);
    }
  });

  it.each(
    shortened([
      ['/%', 400],
      ['/v1/%zz', 400],
      ['/v1/products/%c0%af', 400],
      [`/v1/products/${'x'.repeat(5_000)}`, 400],
      [`/${'x'.repeat(12_000)}`, 404],
      ['//v1/products', 404],
      ['/v1//products', 404],
      ['/v1/products/', 404],
      ['/v1/orders/', 404],
      ['/v1/products/../admin/users', 404],
      ['/v1/products%2fabc', 404],
      ['/V1/products', 404],
      ['/v1/no-such-thing', 404],
      ['/internal/quotes', 404],
      ['/internal/revocations', 404],
      [`/internal/reservations/${randomUUID()}`, 404],
      ['/metrics', 404],
      ['/health/deep', 404],
      ['/pages/../package.json', 404],
      ['/pages/%2e%2e%2fpackage.json', 404],
      ['/__proto__', 404],
      ['/constructor/prototype', 404],
    ]),
  )('%s is answered %s', async (_, path, status) => {
    expectProblem(await get(path, token), status);
  });

  it('addresses and headers longer than any may be are 431', async () => {
    expectProblem(await get(`/v1/products?q=${'x'.repeat(20_000)}`), 431);
    expectProblem(await get('/v1/products', { 'x-long': 'x'.repeat(20_000) }), 431);
  });

  it('another method is 405 and says which would be right', async () => {
    const answer = await send({ method: 'PUT', path: '/v1/orders', headers: token });

    expectProblem(answer, 405);
    expect(answer.headers.allow).toContain('POST');
  });

  it.each(['not HTTP\r\n\r\n', 'GET / HTTP/1.1\r\nbad header\r\n\r\n', 'GET /\u0000 HTTP/1.1\r\nhost: x\r\n\r\n'])(
    '%j is answered 400',
    async (bytes) => {
      expect(await sendBytes(bytes)).toMatch(/^HTTP\/1\.1 400 .*application\/problem\+json/s);
    },
  );

  it.each(byName(lists))('%s refuses pages that cannot be', async (_, route) => {
    const path = pathTo(route);
    await forEach(badLimits, async ({ query }) => expectBadField(await call(route, { path: `${path}?${query}` }), 'limit'));
    await forEach(badCursors, async ({ query }) => expectBadField(await call(route, { path: `${path}?${query}` }), 'cursor'));
    await forEach(outlandishCursors, async ({ cursor }) => {
      const answer = await call(route, { path: `${path}?cursor=${cursor}&sort=newest` });
      if (answer.status !== 200) expectBadField(answer, 'cursor');
    });
  });

  it.each(
    shortened([
      ['/v1/products?sort=cheapest', 'sort'],
      ['/v1/products?sort=', 'sort'],
      ['/v1/products?sort=price&sort=-price', 'sort'],
      ['/v1/products?category=No%20Such', 'category'],
      ['/v1/products?category=a&category=b', 'category'],
      ['/v1/products?minPrice=-1', 'minPrice'],
      ['/v1/products?minPrice=1.5', 'minPrice'],
      ['/v1/products?minPrice=', 'minPrice'],
      ['/v1/products?maxPrice=abc', 'maxPrice'],
      ['/v1/products?maxPrice=99999999999999999999', 'maxPrice'],
      [`/v1/products?q=${'x'.repeat(300)}`, 'q'],
      ['/v1/products?q=a%00b', 'q'],
      ['/v1/products?q=a&q=b', 'q'],
      ['/v1/admin/orders?status=lost', 'status'],
      ['/v1/admin/orders?status=', 'status'],
      ['/v1/admin/orders?status=confirmed&status=pending', 'status'],
      ['/v1/admin/payments?orderId=abc', 'orderId'],
      ['/v1/admin/payments?orderId=', 'orderId'],
      ['/v1/admin/ledger?orderId=1', 'orderId'],
      ['/v1/admin/users?email=a&email=b', 'email'],
    ]),
  )('%s is 400', async (_, path, field) => {
    expectBadField(await get(path, token), field);
  });

  it.each(['q=%', 'q=%zz', 'q=%ff', 'q=%ed%a0%80', '%zz=1', 'limit=5&%'])('?%s is no address', async (query) => {
    expectProblem(await get(`/v1/products?${query}`), 400);
  });

  it.each([
    ...['__proto__=1', 'constructor=1', '__proto__[a]=1', 'limit[]=5', 'limit[a]=5', '=', '&&&', `${'a'.repeat(5_000)}`],
    ...["'", '"', '\\', '%', '&', '|', '!', '(', ')', ':*', '<->', 'a & !', '🛒', '\u202e', 'select'].map(
      (words) => `q=${encodeURIComponent(words)}`,
    ),
  ])('?%s is as good as any', async (query) => {
    expect((await get(`/v1/products?limit=1&${query}`)).status).toBe(200);
  });
});
