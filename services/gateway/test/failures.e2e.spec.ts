import { testRedis } from '@emporium/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { json } from './fake-service.ts';
import { type Answered, GatewayWorld } from './gateway-world.ts';

const expectProblem = ({ status, headers, body }: Answered, expected: number) => {
  expect([status, body.status, headers.get('content-type')]).toEqual([
    expected,
    expected,
    'application/problem+json; charset=utf-8',
  ]);
  expect(body).toMatchObject({
    type: expect.stringContaining('https://'),
    title: expect.any(String),
    detail: expect.any(String),
  });
  expect(body.requestId).toBe(headers.get('x-request-id'));
  expect(headers.get('content-security-policy')).toBeTruthy();
};

describe('when a service fails', () => {
  const redis = testRedis();
  let world: GatewayWorld;
  // The settings of production would keep circuits open for longer than a spec should wait.
  beforeAll(async () => {
    world = await GatewayWorld.start({ REDIS_URL: redis.url, BREAKER_RESET_MS: '200' });
  });
  beforeEach(() => world.reset());
  afterAll(() => world.close());

  it.each([500, 502, 501, 599])('answers 503 in place of its %i, and tells nothing of it', async (status) => {
    world.services.order.behave((_, response) => json(response, status, { detail: 'secret', stack: 'secret' }));

    const answer = await world.call('GET', '/v1/cart', { as: {} });

    expectProblem(answer, 503);
    expect(answer.body.code).toBe('order-unavailable');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(answer.bytes.toString()).not.toContain('secret');
    await closed('order');
  });

  it.each([503, 504])('passes its own %i on, and says when to try again', async (status) => {
    const problem = { type: 'https://emporium.example/problems/busy', title: 'x', status, detail: 'Busy.', code: 'busy' };
    world.services.payment.behave((_, response) => json(response, status, problem));

    const answer = await world.call('POST', '/v1/webhooks/stripe', { body: '{}' });

    expect([answer.status, answer.body.code, answer.headers.get('retry-after')]).toEqual([status, 'busy', '1']);
  });

  it('keeps the Retry-After of a service that gives one', async () => {
    world.services.payment.behave((_, response) => json(response, 503, { code: 'busy' }, { 'retry-after': '7' }));

    const { headers } = await world.call('POST', '/v1/webhooks/stripe', { body: '{}' });

    expect(headers.get('retry-after')).toBe('7');
  });

  it('does not close a service to everyone for the 503s of some', async () => {
    world.services.order.behave(({ method }, response) =>
      method === 'POST' ? json(response, 503, { code: 'payment-unavailable' }) : json(response, 200, {}),
    );

    for (let index = 0; index < 30; index += 1) await world.call('POST', '/v1/orders', { as: {}, body: '{}' });

    expect((await world.call('GET', '/v1/cart', { as: {} })).status).toBe(200);
  });

  it.each([
    [404, 404],
    [401, 401],
    [418, 400],
    [503, 503],
  ])('makes a problem of a %i that is none', async (status, expected) => {
    world.services.payment.behave((_, response) => {
      response.writeHead(status, { 'content-type': 'text/html' });
      response.end('<h1>nginx</h1>');
    });

    const answer = await world.call('POST', '/v1/webhooks/stripe', { body: '{}' });

    expectProblem(answer, expected);
    expect(answer.bytes.toString()).not.toContain('nginx');
  });

  it.each([
    [401, 'service-token-required'],
    [401, 'invalid-service-token'],
    [403, 'caller-not-allowed'],
  ])('does not blame the customer when the gateway itself is refused (%i %s)', async (status, code) => {
    world.services.order.behave((_, response) => json(response, status, { status, code }));

    const answer = await world.call('GET', '/v1/cart', { as: {} });

    expectProblem(answer, 503);
  });

  it('passes refusals of the customer on', async () => {
    world.services.user.behave((_, response) => json(response, 401, { status: 401, code: 'wrong-credentials' }));
    const login = await world.call('POST', '/v1/auth/login', { body: '{}' });

    world.services.user.behave((_, response) => {
      response.writeHead(401, { 'content-type': 'application/problem+json' });
      response.end('not json');
    });
    const odd = await world.call('POST', '/v1/auth/login', { body: '{}' });

    expect([login.status, login.body.code, odd.status]).toEqual([401, 'wrong-credentials', 401]);
  });

  it('answers 504 within three seconds for one that hangs, and the others do not notice', async () => {
    world.services.order.behave(() => undefined);
    const began = performance.now();

    const hanging = world.call('GET', '/v1/orders', { as: {} });
    const other = await world.call('GET', '/v1/products');
    const otherMs = performance.now() - began;
    const answer = await hanging;

    expect(other.status).toBe(200);
    expect(otherMs).toBeLessThan(1_000);
    expectProblem(answer, 504);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(performance.now() - began).toBeLessThan(3_200);
  });

  it('answers 504 also for one that stops in the middle of its answer', async () => {
    world.services.order.behave((_, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{');
    });

    expectProblem(await world.call('GET', '/v1/orders', { as: {} }), 504);
  });

  it('does not send twice what may have been done', async () => {
    world.services.order.behave((_, response) => void response.destroy());

    const answer = await world.call('POST', '/v1/orders', { as: {}, body: '{}' });

    expectProblem(answer, 503);
    expect(world.services.order.calls).toHaveLength(1);
    await closed('order');
  });

  it('answers a broken answer of a service with 503', async () => {
    world.services.order.behave((_, response) => void response.socket?.end('HTTP/1.1 200 OK\r\ncontent-length: x\r\n\r\n'));

    expectProblem(await world.call('GET', '/v1/orders', { as: {} }), 503);
    await closed('order');
  });

  /** Failures of one spec must not be those of the next. */
  const closed = async (name: 'order') => {
    world.reset();
    await expect.poll(async () => (await world.call('GET', '/v1/cart', { as: {} })).status, { timeout: 5_000 }).toBe(200);
    expect(world.services[name].calls.length).toBeGreaterThan(0);
  };
});

describe('when a service is gone', () => {
  const redis = testRedis();
  let world: GatewayWorld;
  beforeAll(async () => {
    world = await GatewayWorld.start({ REDIS_URL: redis.url, ORDER_SERVICE_URL: 'http://127.0.0.1:9' });
  });
  afterAll(() => world.close());

  it('answers 503 with Retry-After at once, time after time, and the rest of the shop goes on', async () => {
    for (let index = 0; index < 25; index += 1) {
      const began = performance.now();
      const answer = await world.call('GET', '/v1/cart', { as: {} });

      expectProblem(answer, 503);
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(performance.now() - began).toBeLessThan(3_000);
    }
    expect((await world.call('GET', '/v1/products')).status).toBe(200);
  });

  it('is not ready, and lives', async () => {
    const ready = await world.call('GET', '/ready');
    const health = await world.call('GET', '/health');

    expect([ready.status, health.status]).toEqual([503, 200]);
    expect(ready.body.checks).toContainEqual({ name: 'order', required: true, status: 'down' });
    expect(ready.body.checks).toContainEqual({ name: 'product', required: true, status: 'up' });
  });
});

describe('when the user service is gone from the start', () => {
  const redis = testRedis();
  let world: GatewayWorld;
  beforeAll(async () => {
    world = await GatewayWorld.start({ REDIS_URL: redis.url, USER_SERVICE_URL: 'http://127.0.0.1:9' });
  });
  afterAll(() => world.close());

  it('lets people look around, and answers 503 where it cannot tell who they are', async () => {
    const look = await world.call('GET', '/v1/products');
    const cart = await world.call('GET', '/v1/cart', { as: {} });
    const anonymous = await world.call('GET', '/v1/cart');

    expect([look.status, anonymous.status]).toEqual([200, 401]);
    expectProblem(cart, 503);
    expect(cart.body.code).toBe('keys-unavailable');
  });
});

describe('when more is asked of a service than may be under way', () => {
  const redis = testRedis();
  let world: GatewayWorld;
  beforeAll(async () => {
    world = await GatewayWorld.start({ REDIS_URL: redis.url, UPSTREAM_CONCURRENCY: '5' });
  });
  afterAll(() => world.close());

  it('answers 503 at once, and other services have their own share', async () => {
    const waiting: (() => void)[] = [];
    world.services.product.behave((_, response) => void waiting.push(() => json(response, 200, {})));
    // Questions of their own: what is the same for everybody is asked once.
    const crowd = Array.from({ length: 5 }, (_, index) => world.call('GET', `/v1/products?limit=${index + 1}`));
    await expect.poll(() => waiting.length).toBe(5);

    const refused = await world.call('GET', '/v1/products');
    const other = await world.call('GET', '/v1/cart', { as: {} });
    for (const answer of waiting) answer();

    expectProblem(refused, 503);
    expect(refused.body.code).toBe('product-busy');
    expect(other.status).toBe(200);
    expect((await Promise.all(crowd)).map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
  });
});
