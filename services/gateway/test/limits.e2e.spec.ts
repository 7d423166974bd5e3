import { createHash } from 'node:crypto';
import type { Redis } from '@emporium/redis';
import { REDIS } from '@emporium/service-defaults';
import { type TcpProxy, tcpProxy, testRedis } from '@emporium/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { GatewayWorld } from './gateway-world.ts';

// In percent of the development limits: six sign-ins and fifty purchases at once from one address.
const environment = { RATE_LIMIT_PERCENT: '1', TRUSTED_PROXIES: '127.0.0.1' };
const signInBurst = 6;
const checkoutBurst = 50;

let addresses = 0;
const newAddress = () => {
  addresses += 1;
  return `203.0.113.${addresses}`;
};

/** Until then the limits are counted in the process, which some of these specs are not about. */
const redisIs = (world: GatewayWorld, ready: boolean) =>
  vi.waitFor(() => expect(world.app.get<Redis>(REDIS).status === 'ready').toBe(ready), { timeout: 5_000 });

describe('limits', () => {
  const redis = testRedis();
  let door: TcpProxy;
  let world: GatewayWorld;
  beforeAll(async () => {
    door = await tcpProxy(redis.url);
    world = await GatewayWorld.start({ REDIS_URL: door.url, ...environment });
  });
  beforeEach(async () => {
    world.reset();
    await redisIs(world, true);
  });
  afterAll(async () => {
    await world.close();
    await door.close();
  });

  const login = (address: string) =>
    world.call('POST', '/v1/auth/login', { headers: { 'x-forwarded-for': address }, body: '{}' });
  const times = <T>(count: number, work: (index: number) => Promise<T>) =>
    Promise.all(Array.from({ length: count }, (_, index) => work(index)));

  it('let a burst through and then say when to come back', async () => {
    const address = newAddress();

    const answers = await times(signInBurst + 5, () => login(address));

    const refused = answers.filter(({ status }) => status === 429);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(signInBurst);
    expect(refused).toHaveLength(5);
    for (const { headers, body } of refused) {
      expect(body).toMatchObject({ status: 429, code: 'rate-limited', instance: '/v1/auth/login' });
      expect(body.requestId).toBe(headers.get('x-request-id'));
      expect(Number(headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
      expect(headers.get('content-type')).toContain('application/problem+json');
      expect(headers.get('content-security-policy')).toBeTruthy();
    }
  });

  it('count each address for itself', async () => {
    const [busy, quiet] = [newAddress(), newAddress()];
    await times(signInBurst + 1, () => login(busy));

    expect((await login(busy)).status).toBe(429);
    expect((await login(quiet)).status).toBe(200);
  });

  it('count the addresses of one IPv6 customer together', async () => {
    const answers = await times(signInBurst + 2, (index) => login(`2001:db8:1:2::${index + 1}`));

    expect(answers.filter(({ status }) => status === 429)).toHaveLength(2);
    expect((await login('2001:db8:1:3::1')).status).toBe(200);
  });

  it('count a signed-in user at whatever address', async () => {
    const as = { sub: crypto.randomUUID() };
    const buy = (sub: typeof as) =>
      world.call('POST', '/v1/orders', { as: sub, headers: { 'x-forwarded-for': newAddress() }, body: '{}' });

    const answers = await times(checkoutBurst + 10, () => buy(as));

    const refused = answers.filter(({ status }) => status === 429).length;
    // Tokens come back while the spec runs, ten a second.
    expect(refused).toBeGreaterThanOrEqual(1);
    expect(refused).toBeLessThanOrEqual(10);
    expect((await buy({ sub: crypto.randomUUID() })).status).toBe(200);
    expect(world.services.order.calls).toHaveLength(checkoutBurst + 10 - refused + 1);
  });

  it('come before everything else on routes for anyone, and do not hide a missing sign-in', async () => {
    const address = newAddress();
    await times(signInBurst + 1, () => login(address));

    const broken = await world.call('POST', '/v1/auth/login?a=%zz', { headers: { 'x-forwarded-for': address }, body: '{' });
    const anonymous = await world.call('GET', '/v1/cart', { headers: { 'x-forwarded-for': address } });

    expect([broken.status, anonymous.status]).toEqual([429, 401]);
  });

  it('are shared through Redis, under a key without personal data beyond the address', async () => {
    const address = newAddress();
    await login(address);

    expect(await redis.redis.keys('limit:*')).toContain(`limit:sign-in:address:${address}`);
  });

  it.each(['cut', 'hang'] as const)('still hold when Redis is gone (%s), and nothing waits for it', async (how) => {
    const address = newAddress();
    door[how]();
    // The first calls find out; from then on nobody asks for a while.
    await times(5, () => login(newAddress()));

    const began = performance.now();
    const answers = await times(signInBurst + 4, () => login(address));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(signInBurst);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(4);
    expect(performance.now() - began).toBeLessThan(1_000);
    // After the time-outs of a hanging connection, too: what was hung stays dead, and a new one is made.
    door.cut();
    await redisIs(world, false);
    door.resume();
  });

  it('hold for pages and the API description too', async () => {
    const address = newAddress();
    const statuses = await times(500, async (index) => {
      const path = ['/', '/docs', '/openapi.json', '/pages/shop.js'][index % 4] ?? '/';
      return (await world.call('GET', path, { headers: { 'x-forwarded-for': address } })).status;
    });

    expect(new Set(statuses)).toEqual(new Set([200, 429]));
  });

  it('never hold for probes', async () => {
    const address = newAddress();
    await times(signInBurst + 1, () => login(address));

    const statuses = await times(300, async () => (await world.call('GET', '/health')).status);

    expect(new Set(statuses)).toEqual(new Set([200]));
  });
});

describe('an address that nobody may name', () => {
  const redis = testRedis();
  let world: GatewayWorld;
  beforeAll(async () => {
    world = await GatewayWorld.start({ REDIS_URL: redis.url, RATE_LIMIT_PERCENT: '1' });
    await redisIs(world, true);
  });
  afterAll(() => world.close());

  it('is not believed: a client cannot escape its limit by X-Forwarded-For', async () => {
    const answers = await Promise.all(
      Array.from({ length: signInBurst + 4 }, (_, index) => {
        const forged = createHash('sha256').update(String(index)).digest().subarray(0, 4).join('.');
        return world.call('POST', '/v1/auth/login', { headers: { 'x-forwarded-for': forged }, body: '{}' });
      }),
    );

    expect(answers.filter(({ status }) => status === 429)).toHaveLength(4);
  });
});
