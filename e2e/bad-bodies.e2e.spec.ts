import { beforeAll, describe, expect, it } from 'vitest';
import { byName, type ContractRoute, callerOf, contractRoutes, json } from './contract.routes.ts';
import { badBodies, badValues, oddContentTypes, unknownNames, wrongKinds } from './mutations.ts';
import { administrator, anyone } from './people.ts';
import { expectBadField, expectProblem, forEach } from './problem.ts';
import { send } from './raw.request.ts';

const withBody = contractRoutes.filter((route): route is ContractRoute & { body: object } => route.body !== undefined);
const changing = contractRoutes.filter(({ method }) => method !== 'GET');

describe('a bad body', () => {
  let call: ReturnType<typeof callerOf>;

  // An administrator may call every route, so that nothing but the body is wrong.
  beforeAll(async () => {
    call = callerOf(await administrator());
  });

  it.each(byName(withBody))('%s names every bad value', async (_, route) => {
    await forEach([...badValues(route.body), ...unknownNames(route.body)], async ({ field, json: body }) =>
      expectBadField(await call(route, { body, headers: json }), field),
    );
  });

  it.each(byName(withBody))('%s wants an object of its own', async (_, route) => {
    await forEach(wrongKinds, async ({ body }) => expectBadField(await call(route, { body, headers: json })));
  });

  it.each(byName(changing))('%s refuses what is no JSON of ours', async (_, route) => {
    await forEach(badBodies, async ({ body }) => expectBadField(await call(route, { body, headers: json })));
  });

  it.each(byName(changing))('%s takes JSON and nothing else', async (_, route) => {
    const body = JSON.stringify(route.body ?? {});
    await forEach(oddContentTypes, async ({ headers }) => expectProblem(await call(route, { body, headers }), 415));
  });

  it.each(byName(changing))('%s takes no more than 1 MiB', async (_, route) => {
    const body = JSON.stringify({ name: 'x'.repeat(1.5 * 1024 * 1024) });

    expectProblem(await call(route, { body, headers: json }), 413);
  });

  it('more than 1 MiB in pieces, without a length, is 413 too', async () => {
    const body = JSON.stringify({ email: 'x'.repeat(1.5 * 1024 * 1024) });
    const headers = { ...json, 'transfer-encoding': 'chunked' };

    expectProblem(await send({ method: 'POST', path: '/v1/auth/login', body, headers }), 413);
  });

  it.each([
    ['a byte order mark', '\ufeff{"email":"nobody@shoppers.test","password":"a long enough password"}'],
    ['a name twice', '{"email":"nobody@shoppers.test","email":"other@shoppers.test","password":"a long enough password"}'],
    ['spaces around', ' \r\n\t{"email":"nobody@shoppers.test","password":"a long enough password"} \n'],
    ['escaped names', '{"\\u0065mail":"nobody@shoppers.test","password":"a long enough password"}'],
  ])('%s is read as JSON says', async (_, body) => {
    expectProblem(await send({ method: 'POST', path: '/v1/auth/login', body, headers: json }), 401);
  });

  it('none of this made the shop unwell', async () => {
    expect((await anyone().get('/ready')).status).toBe(200);
  });
});
