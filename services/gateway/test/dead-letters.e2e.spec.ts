import { randomUUID } from 'node:crypto';
import type { DeadLetterResponse } from '@emporium/contracts';
import { testRedis } from '@emporium/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { upstreamNames } from '../src/routing/routes.ts';
import { type Behaviour, json } from './fake-service.ts';
import { GatewayWorld } from './gateway-world.ts';

const path = '/v1/admin/dead-letters';
const admin = { as: { role: 'admin' } } as const;

const letter = (service: string, second: number): DeadLetterResponse => ({
  id: randomUUID(),
  service,
  kind: 'event',
  type: 'order.confirmed.v1',
  eventId: randomUUID(),
  subject: randomUUID(),
  attempts: 5,
  error: 'Error: no',
  failedAt: `2026-11-01T00:00:${String(second).padStart(2, '0')}.000Z`,
  data: { orderId: randomUUID() },
});
const problem =
  (status: number, code: string): Behaviour =>
  (_call, response) =>
    json(response, status, { type: 'about:blank', title: 'x', status, detail: code, instance: '/', requestId: 'r', code });

/** Keeps letters as a service does: by position, and sends each again once. */
function keeping(letters: DeadLetterResponse[]): Behaviour {
  return ({ method, url }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://service');
    if (method === 'POST') {
      const index = letters.findIndex(({ id }) => pathname === `${path}/${id}/requeue`);
      if (index === -1) return problem(404, 'dead-letter-not-found')({} as never, response);
      return json(response, 202, letters.splice(index, 1)[0]);
    }
    const limit = Number(searchParams.get('limit') ?? 20);
    const [at = '~'] = JSON.parse(Buffer.from(searchParams.get('cursor') ?? 'W10', 'base64url').toString()) as string[];
    const rest = letters.filter(({ failedAt }) => failedAt < at).sort((a, b) => (a.failedAt < b.failedAt ? 1 : -1));
    json(response, 200, { items: rest.slice(0, limit), nextCursor: rest.length > limit ? 'more' : null });
  };
}

describe('dead letters of all services', () => {
  const redis = testRedis();
  let world: GatewayWorld;
  let kept: Record<(typeof upstreamNames)[number], DeadLetterResponse[]>;

  beforeAll(async () => {
    world = await GatewayWorld.start({ REDIS_URL: redis.url });
  });
  beforeEach(() => {
    world.reset();
    kept = { user: [], product: [], order: [], payment: [] };
    for (const name of upstreamNames) world.services[name].behave(keeping(kept[name]));
  });
  afterAll(() => world.close());

  const list = (query = '') => world.call('GET', `${path}${query}`, admin);
  const requeue = (id: string) => world.call('POST', `${path}/${id}/requeue`, admin);

  it('are one list, latest first, page by page, each once', async () => {
    for (let second = 0; second < 20; second += 1) {
      const name = upstreamNames[second % 3] ?? 'user';
      kept[name].push(letter(name, second));
    }

    const seen: DeadLetterResponse[] = [];
    let cursor: string | null = '';
    while (cursor !== null && seen.length < 40) {
      const { status, body } = await list(`?limit=3${cursor === '' ? '' : `&cursor=${cursor}`}`);
      expect(status).toBe(200);
      expect(body).not.toHaveProperty('unavailable');
      seen.push(...body.items);
      cursor = body.nextCursor;
    }

    expect(seen).toEqual([...kept.user, ...kept.product, ...kept.order].sort((a, b) => (a.failedAt < b.failedAt ? 1 : -1)));
  });

  it('have twenty on a page when nobody says how many', async () => {
    for (let second = 0; second < 30; second += 1) kept.order.push(letter('order', second));

    const { body } = await list();

    expect(body.items).toHaveLength(20);
    expect(body.nextCursor).toEqual(expect.any(String));
  });

  it.each<[string, () => void]>([
    ['is broken', () => world.services.payment.behave(problem(500, 'internal'))],
    ['has no database', () => world.services.payment.behave(problem(503, 'database-unavailable'))],
    ['does not know the route yet', () => world.services.payment.behave(problem(404, 'no-such-route'))],
    ['talks nonsense', () => world.services.payment.behave((_call, response) => json(response, 200, { items: 'none' }))],
    ['hangs', () => world.services.payment.behave(() => undefined)],
  ])('are listed without those of a service that %s, and the answer says so', async (_, fail) => {
    kept.order.push(letter('order', 1));
    fail();
    const startedAt = performance.now();

    const { status, body } = await list();

    expect(status).toBe(200);
    expect(body).toEqual({ items: kept.order, nextCursor: null, unavailable: ['payment'] });
    expect(performance.now() - startedAt).toBeLessThan(3_000);
  });

  it('are 503 when no service answers', async () => {
    for (const name of upstreamNames) world.services[name].behave(problem(503, 'database-unavailable'));

    const answer = await list();

    expect(answer).toMatchObject({ status: 503, body: { code: 'dead-letters-unavailable' } });
    expect(answer.headers.get('retry-after')).toBe('1');
  });

  it('pass on what the services refuse', async () => {
    for (const name of upstreamNames) world.services[name].behave(problem(400, 'invalid-request'));

    expect(await list('?limit=0')).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    expect(await requeue('x')).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
  });

  it('are sent again by the service that has them, once', async () => {
    const wanted = letter('payment', 1);
    kept.payment.push(wanted);

    expect(await requeue(wanted.id)).toMatchObject({ status: 202, body: wanted });
    expect(await requeue(wanted.id)).toMatchObject({ status: 404, body: { code: 'dead-letter-not-found' } });
  });

  it('are sent again although another service hangs, without waiting for it', async () => {
    const wanted = letter('order', 1);
    kept.order.push(wanted);
    world.services.payment.behave(() => undefined);
    const startedAt = performance.now();

    expect((await requeue(wanted.id)).status).toBe(202);
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });

  it('that cannot be sent say why', async () => {
    world.services.order.behave(problem(422, 'dead-letter-unreadable'));

    expect(await requeue(randomUUID())).toMatchObject({ status: 422, body: { code: 'dead-letter-unreadable' } });
  });

  it('that nobody has are 503, not 404, while a service that may have them is away', async () => {
    world.services.payment.behave(problem(503, 'database-unavailable'));

    const answer = await requeue(randomUUID());

    expect(answer).toMatchObject({
      status: 503,
      body: { code: 'dead-letters-unavailable', detail: expect.stringContaining('payment') },
    });
    expect(answer.headers.get('retry-after')).toBe('1');
  });

  it('are sent again by one of ten who ask at once', async () => {
    const wanted = letter('order', 1);
    kept.order.push(wanted);

    const answers = await Promise.all(Array.from({ length: 10 }, () => requeue(wanted.id)));

    expect(answers.map(({ status }) => status).sort()).toEqual([202, ...Array(9).fill(404)]);
  });

  it.each([
    ['GET', path],
    ['POST', `${path}/${randomUUID()}/requeue`],
  ])('are for administrators only, before any service hears of it: %s %s', async (method, address) => {
    expect((await world.call(method, address)).status).toBe(401);
    for (const role of ['customer', 'support'] as const)
      expect((await world.call(method, address, { as: { role } })).status).toBe(403);

    expect(Object.values(world.services).flatMap(({ calls }) => calls)).toEqual([]);
  });

  it('are asked for with the token of the caller, so that each service judges for itself', async () => {
    await list();

    for (const name of upstreamNames) {
      expect(world.services[name].calls).toHaveLength(1);
      expect(world.services[name].calls[0]?.headers.authorization).toMatch(/^Bearer /);
      expect(Number(world.services[name].calls[0]?.headers['x-request-timeout-ms'])).toBeLessThanOrEqual(2_500);
    }
  });
});
