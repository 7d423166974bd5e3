import type { ServerResponse } from 'node:http';
import { testRedis } from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { answerAsUsual, json } from './fake-service.ts';
import { type Answered, GatewayWorld } from './gateway-world.ts';

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, index) => make(index));

describe('a gateway that is asked more than can be done', () => {
  const redis = testRedis();
  let world: GatewayWorld;
  // A fiftieth of the usual places: 10 purchases, 5 lookers, 5 of accounts, 2 sign-ins, 1 list of the staff at a time. One for each spec: what is
  // kept waiting in it is late, and the next would find fewer.
  beforeEach(async () => {
    world = await GatewayWorld.start({ REDIS_URL: redis.url, CONCURRENCY_PERCENT: '2', REQUEST_TIMEOUT_MS: '2000' });
  });
  afterEach(() => world.close());

  /** A service that answers when told. */
  function waiting(name: 'user' | 'product' | 'order', only: (url: string) => boolean = () => true) {
    const held: ServerResponse[] = [];
    world.services[name].behave((call, response) => {
      if (only(call.url)) held.push(response);
      else answerAsUsual(name)(call, response);
    });
    return { held, answer: () => held.splice(0).forEach((response) => void json(response, 200, {})) };
  }

  const buy = (index = 0) =>
    world.call('POST', '/v1/orders', {
      as: {},
      headers: { 'idempotency-key': `k${index}`, 'content-type': 'application/json' },
      body: '{}',
    });
  const look = (index = 0) => world.call('GET', `/v1/products?q=${index}`);
  /** Resolves when so many of them are answered. */
  const refusedOf = (crowd: Promise<Answered>[], count: number) =>
    new Promise<void>((resolve) => {
      let answered = 0;
      for (const each of crowd) void each.then(() => ++answered === count && resolve());
    });
  const statuses = (answers: Answered[]) => answers.map(({ status }) => status).sort();

  it('refuses at once whoever finds no room, before his token is looked at, and tells him to come back', async () => {
    const order = waiting('order');
    const crowd = times(10, buy);
    await expect.poll(() => order.held.length).toBe(10);

    const refused = await world.call('POST', '/v1/orders', {
      token: 'no token at all',
      body: '{}',
      headers: { 'x-request-id': 'mine' },
    });
    order.answer();

    expect(refused.status).toBe(503);
    expect(refused.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(refused.body).toMatchObject({ code: 'overloaded', status: 503, instance: '/v1/orders', requestId: 'mine' });
    expect([1, 2, 3]).toContain(refused.body.retryAfterSeconds);
    expect(refused.headers.get('retry-after')).toBe(String(refused.body.retryAfterSeconds));
    expect(refused.headers.get('content-security-policy')).toBeTruthy();
    expect(statuses(await Promise.all(crowd))).toEqual(Array(10).fill(200));
  });

  it('lets in exactly as many of a crowd as there is room for', async () => {
    const order = waiting('order');

    const crowd = times(60, buy);
    await expect.poll(() => order.held.length).toBe(10);
    await refusedOf(crowd, 50);
    order.answer();

    const answers = statuses(await Promise.all(crowd));
    expect(answers).toEqual([...Array(10).fill(200), ...Array(50).fill(503)]);
    expect(world.services.order.calls).toHaveLength(10);
  });

  it('keeps the places of a class at a service from all others', async () => {
    const order = waiting('order', (url) => url.startsWith('/v1/orders'));
    const crowd = times(10, buy);
    await expect.poll(() => order.held.length).toBe(10);

    const others = await Promise.all([
      look(),
      world.call('GET', '/v1/cart', { as: {} }),
      world.call('GET', '/v1/users/me', { as: {} }),
      world.call('POST', '/v1/auth/login', { body: '{}' }),
      world.call('POST', '/v1/webhooks/stripe', { body: '{}' }),
      world.call('GET', '/health'),
    ]);
    order.answer();

    expect(statuses(others)).toEqual(Array(6).fill(200));
    await Promise.all(crowd);
  });

  it('serves everybody else while a flood of sign-ins is stuck: all of them are done before the first sign-in', async () => {
    const user = waiting('user', (url) => url === '/v1/auth/login');
    const done: string[] = [];
    const flood = times(200, () =>
      world.call('POST', '/v1/auth/login', { body: '{}' }).then((answer) => {
        if (answer.status === 200) done.push('sign-in');
        return answer;
      }),
    );
    await expect.poll(() => user.held.length).toBe(2);

    for (let index = 0; index < 20; index += 1) {
      for (const each of [look(index), buy(index), world.call('GET', '/v1/users/me', { as: {} })]) {
        expect((await each).status).toBe(200);
        done.push('other');
      }
    }
    user.answer();
    const answers = await Promise.all(flood);

    expect(done.slice(0, 60)).toEqual(Array(60).fill('other'));
    expect(statuses(answers)).toEqual([...Array(2).fill(200), ...Array(198).fill(503)]);
  });

  it('shows what it has kept when there is no room to ask for more', async () => {
    world.services.product.behave((_, response) =>
      json(response, 200, { items: [] }, { 'cache-control': 'public, max-age=0, stale-if-error=600', etag: '"a"' }),
    );
    expect((await look(7)).status).toBe(200);
    const product = waiting('product');
    const crowd = times(5, (index) => look(100 + index));
    await expect.poll(() => product.held.length).toBe(5);

    const kept = await look(7);
    const unknown = await look(8);
    product.answer();

    expect([kept.status, kept.body]).toEqual([200, { items: [] }]);
    expect([unknown.status, unknown.body.code]).toEqual([503, 'overloaded']);
    await Promise.all(crowd);
  });

  it('gives a slow body no place: nobody else is refused because of it', async () => {
    const token = await world.keys.userToken({});
    const slowBody = [
      'POST /v1/orders HTTP/1.1',
      'Host: shop',
      `Authorization: Bearer ${token}`,
      'Content-Type: application/json',
      'Content-Length: 1000',
      '',
      '{',
    ].join('\r\n');

    const slow: Promise<string>[] = [];
    const answers: Answered[] = [];
    for (let index = 0; index < 20; index += 1) {
      slow.push(world.raw(slowBody));
      answers.push(await buy(index));
    }

    expect(statuses(answers)).toEqual(Array(20).fill(200));
    expect((await Promise.all(slow)).map((answer) => answer.slice(9, 12))).toEqual(Array(20).fill('408'));
  });

  it('tells a service what each request is worth, whatever the client says', async () => {
    const worth = async (method: string, path: string, as?: { role?: 'admin' }) => {
      world.reset();
      await world.call(method, path, { ...(as && { as }), headers: { 'x-priority': 'checkout' } });
      return Object.values(world.services).flatMap(({ calls }) => calls.map(({ headers }) => headers['x-priority']));
    };

    expect(await worth('POST', '/v1/orders', {})).toEqual(['checkout']);
    expect(await worth('GET', '/v1/cart', {})).toEqual(['account']);
    expect(await worth('GET', '/v1/admin/orders', { role: 'admin' })).toEqual(['reports']);
    expect(await worth('GET', '/v1/products?q=unkept')).toEqual([undefined]);
  });
});
