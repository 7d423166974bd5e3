import { registry } from '@emporium/telemetry';
import { recordingLogger } from '@emporium/testing';
import Fastify, { type FastifyInstance, type LightMyRequestResponse } from 'fastify';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { priorities, priorityIn, shareOf } from './priority.ts';
import { Shedding, type SheddingOptions } from './shedding.ts';

/** A server whose loop is as late as the spec says. Its routes are worth what their names say. */
function shop(given: Partial<SheddingOptions> = {}) {
  const settings = { loopDelayMaxMs: 100, inFlightMax: 4 };
  const loopDelay = { ms: 0, stop: vi.fn() };
  const { logger, lines } = recordingLogger();
  const shedding = new Shedding({ settings: () => settings, logger, loopDelay, edge: true, ...given });
  const server = Fastify({ genReqId: ({ headers }) => String(headers['x-request-id'] ?? 'generated') });
  const later = vi.fn();
  server.addHook('onRequest', shedding.onRequest);
  server.addHook('onRequest', async () => later());
  const full = new Set<string>();
  for (const priority of [...priorities, 'probe'] as const) {
    server.all(`/${priority}`, { config: { priority, isFull: ({ url }) => full.has(url) } }, async () => 'done');
  }
  server.get('/unsaid', async () => 'done');
  server.get('/internal', { config: { access: { kind: 'internal', callers: [] } } }, async () => 'done');
  return { server, settings, loopDelay, lines, later, full, shedding };
}

const statuses = async (
  server: FastifyInstance,
  headers: Record<string, string> = {},
  urls: readonly string[] = [...priorities, 'probe'],
) => Promise.all(urls.map(async (url) => (await server.inject({ url: `/${url}`, headers })).statusCode));

describe('shares', () => {
  it('are smaller the less something is worth, and all of it is for what is worth most', () => {
    const shares = priorities.map((priority) => shareOf[priority]);

    expect(shares).toEqual([...shares].sort((one, other) => other - one));
    expect(new Set(shares).size).toBe(priorities.length);
    expect(shares[0]).toBe(1);
  });
});

describe('the priority of a request to a service', () => {
  it('is what the gateway says', () => {
    for (const priority of priorities) expect(priorityIn({ kind: 'user' }, priority)).toBe(priority);
    expect(priorityIn({ kind: 'public' }, 'reports')).toBe('reports');
  });

  it.each([undefined, '', 'probe', 'CHECKOUT', ['checkout', 'checkout']])(
    'is that of browsing when the header is %j',
    (header) => {
      expect(priorityIn({ kind: 'user' }, header)).toBe('browse');
    },
  );

  it('is the highest for calls between services, whatever they say', () => {
    expect(priorityIn({ kind: 'internal', callers: ['order'] }, 'reports')).toBe('checkout');
    expect(priorityIn({ kind: 'open' }, undefined)).toBe('checkout');
  });
});

describe('shedding by the delay of the event loop', () => {
  it.each([
    [0, [200, 200, 200, 200, 200]],
    [40, [200, 200, 200, 200, 200]],
    [41, [200, 200, 200, 503, 200]],
    [51, [200, 200, 503, 503, 200]],
    [76, [200, 503, 503, 503, 200]],
    [101, [503, 503, 503, 503, 200]],
    [60_000, [503, 503, 503, 503, 200]],
  ])('at %i ms lets in checkout, account, browse, reports and probes: %j', async (ms, expected) => {
    const { server, loopDelay } = shop();

    loopDelay.ms = ms;

    expect(await statuses(server)).toEqual(expected);
  });

  it('heeds a setting that changes', async () => {
    const { server, loopDelay, settings } = shop();
    loopDelay.ms = 60;
    expect(await statuses(server, {}, ['browse'])).toEqual([503]);

    settings.loopDelayMaxMs = 200;

    expect(await statuses(server, {}, ['browse'])).toEqual([200]);
  });

  it('takes what has no priority, and what there is not, for browsing', async () => {
    const { server, loopDelay } = shop();

    loopDelay.ms = 60;

    expect(await statuses(server, {}, ['unsaid', 'nowhere'])).toEqual([503, 503]);
  });

  it('at the edge believes nobody’s word on priorities', async () => {
    const { server, loopDelay } = shop();

    loopDelay.ms = 60;

    expect(await statuses(server, { 'x-priority': 'checkout' }, ['browse', 'unsaid', 'internal'])).toEqual([503, 503, 503]);
  });

  it('in a service goes by the gateway’s word, and calls of other services are first', async () => {
    const { server, loopDelay } = shop({ edge: false });

    loopDelay.ms = 76;

    expect(await statuses(server, { 'x-priority': 'checkout' }, ['unsaid', 'internal'])).toEqual([200, 200]);
    expect(await statuses(server, { 'x-priority': 'account' }, ['unsaid', 'internal'])).toEqual([503, 200]);
  });
});

describe('shedding by what a route needs', () => {
  it('asks at arrival, with the request', async () => {
    const { server, full } = shop();

    full.add('/browse');

    expect(await statuses(server)).toEqual([200, 200, 503, 200, 200]);
  });
});

describe('a request that is shed', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  const shedBy = async (options: Partial<SheddingOptions> = {}, request: object = {}): Promise<LightMyRequestResponse> => {
    const { server, loopDelay } = shop(options);
    loopDelay.ms = 1_000;
    return server.inject({ url: '/checkout?card=4242', ...request });
  };

  it('is told so by a problem with everything a problem has', async () => {
    const { headers, statusCode, body } = await shedBy({}, { headers: { 'x-request-id': 'abc-1' } });

    expect(statusCode).toBe(503);
    expect(headers).toMatchObject({
      'content-type': 'application/problem+json; charset=utf-8',
      'cache-control': 'no-store',
      'x-request-id': 'abc-1',
      'content-length': String(Buffer.byteLength(body)),
    });
    expect(JSON.parse(body)).toEqual({
      type: 'https://emporium.example/problems/overloaded',
      title: 'Service Unavailable',
      status: 503,
      code: 'overloaded',
      detail: 'The shop is very busy. Try again in a moment.',
      instance: '/checkout',
      requestId: 'abc-1',
      retryAfterSeconds: Number(headers['retry-after']),
    });
  });

  it('has the headers of every answer', async () => {
    expect((await shedBy({ answerHeaders: { 'x-frame-options': 'DENY' } })).headers['x-frame-options']).toBe('DENY');
  });

  it.each(['/checkout%22', '/checkout%00', `/${'a'.repeat(5_000)}`])('may have any address (%#)', async (url) => {
    const { body, statusCode } = await shedBy({}, { url });

    expect(statusCode).toBe(503);
    expect(JSON.parse(body).instance).toBe(url.slice(0, 500));
  });

  it('does not come back together with the others', async () => {
    const { server, loopDelay } = shop();
    loopDelay.ms = 1_000;

    const answers = await Promise.all(Array.from({ length: 30 }, () => server.inject({ url: '/browse' })));

    const waits = answers.map(({ headers }) => Number(headers['retry-after']));
    expect([1, 2, 3].map((seconds) => waits.filter((wait) => wait === seconds).length)).toEqual([10, 10, 10]);
  });

  it('costs no hook, and its body stays unread', async () => {
    const { server, loopDelay, later } = shop();
    loopDelay.ms = 1_000;

    await server.inject({ url: '/checkout', method: 'POST', headers: { 'content-type': 'application/json' }, body: '{broken' });

    expect(later).not.toHaveBeenCalled();
  });

  it('is one of a line each second, and of a count', async () => {
    const { server, loopDelay, lines, shedding } = shop();
    const counted = async () =>
      (await registry.getSingleMetric('emporium_requests_shed_total')?.get())?.values.find(
        ({ labels }) => labels.priority === 'reports' && labels.reason === 'loop-delay',
      )?.value ?? 0;
    const before = await counted();
    loopDelay.ms = 1_000;

    for (let index = 0; index < 5; index += 1) await statuses(server, {}, ['reports', 'browse']);
    expect(lines).toEqual([]);
    vi.advanceTimersByTime(1_000);
    await statuses(server, {}, ['reports']);
    vi.advanceTimersByTime(500);
    shedding.stop();
    vi.advanceTimersByTime(60_000);

    expect(lines.map(({ level, message, fields }) => ({ level, message, ...fields }))).toEqual([
      { level: 'warn', message: 'requests shed', 'reports:loop-delay': 5, 'browse:loop-delay': 5, loopDelayMs: 1_000 },
      { level: 'warn', message: 'requests shed', 'reports:loop-delay': 1, loopDelayMs: 1_000 },
    ]);
    expect((await counted()) - before).toBe(6);
    expect(loopDelay.stop).toHaveBeenCalledOnce();
  });
});
