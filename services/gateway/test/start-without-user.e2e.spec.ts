import { testRedis } from '@emporium/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayWorld } from './gateway-world.ts';

describe('a gateway that starts while nobody can say which sessions have ended', () => {
  const redis = testRedis();
  let world: GatewayWorld;
  const sid = crypto.randomUUID();
  const revocations = '/internal/revocations';
  beforeAll(async () => {
    world = await GatewayWorld.start({ REDIS_URL: redis.url }, ({ user }) => user.own.delete(revocations));
  });
  afterAll(() => world.close());

  it('opens no door to a session that may have ended, until it has heard the list; the rest of the shop is open', async () => {
    const cart = await world.call('GET', '/v1/cart', { as: { sid } });
    const ready = await world.call('GET', '/ready');
    const look = await world.call('GET', '/v1/products');
    const health = await world.call('GET', '/health');

    expect([cart.status, cart.body.code, cart.headers.get('retry-after')]).toEqual([503, 'sessions-unknown', '1']);
    expect(world.services.order.calls).toEqual([]);
    expect(ready.status).toBe(503);
    expect(ready.body.checks).toContainEqual({ name: 'ended sessions', required: true, status: 'down' });
    expect([look.status, health.status]).toEqual([200, 200]);

    const items = [{ seq: 1, sessionId: sid, endedAt: new Date().toISOString() }];
    world.services.user.own.set(revocations, { items, next: 1 });

    await expect.poll(async () => (await world.call('GET', '/ready')).status, { timeout: 5_000 }).toBe(200);
    expect((await world.call('GET', '/v1/cart', { as: { sid } })).status).toBe(401);
    expect((await world.call('GET', '/v1/cart', { as: {} })).status).toBe(200);
  });

  it('needs nobody for the checks once it has heard it, not even for its first token', async () => {
    const later = await GatewayWorld.start({ REDIS_URL: redis.url });
    try {
      await expect.poll(() => later.services.user.asked('/.well-known/jwks.json')).toBeGreaterThan(0);
      await later.services.user.close();

      expect((await later.call('GET', '/v1/cart', { as: {} })).status).toBe(200);
    } finally {
      await later.close();
    }
  });
});
