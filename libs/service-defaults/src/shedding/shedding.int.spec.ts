import { startApp, type TestApp } from '@emporium/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadConfig, tinyModule } from '../../test/tiny.service.ts';

describe('a service with as much under way as it may have', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ name: 'product', module: tinyModule, config: loadConfig, environment: { IN_FLIGHT_MAX: '4' } });
  });
  afterAll(() => app.close());

  /** A request that is under way until it is let go. */
  const underWay = () => {
    const leave = new AbortController();
    const gone = app.tokens
      .service('gateway')
      .then((token) =>
        fetch(`${app.url}/v1/trouble/late?ms=60000`, {
          signal: leave.signal,
          headers: { 'x-service-token': token, 'x-priority': 'checkout' },
        }),
      )
      .catch(() => 'gone');
    return { leave: async () => leave.abort() ?? (await gone) };
  };
  const inFlight = async () =>
    Number(/emporium_http_requests_in_flight (\d+)/.exec(await (await fetch(`${app.managementUrl}/metrics`)).text())?.[1]);
  const statusOf = async (priority: string | undefined, path = '/v1/things', caller: string | null = 'gateway') =>
    (await app.request('GET', path, { caller, ...(priority && { headers: { 'x-priority': priority } }) })).status;
  const all = async () => ({
    checkout: await statusOf('checkout'),
    account: await statusOf('account'),
    browse: await statusOf('browse'),
    unsaid: await statusOf(undefined),
    reports: await statusOf('reports'),
    internal: await statusOf(undefined, '/internal/things', 'order'),
    health: await statusOf(undefined, '/health', null),
    ready: await statusOf(undefined, '/ready', null),
  });

  it('refuses the least important first, and serves all again when there is room', async () => {
    const everything = {
      checkout: 200,
      account: 200,
      browse: 200,
      unsaid: 200,
      reports: 200,
      internal: 200,
      health: 200,
      ready: 200,
    };
    expect(await all()).toEqual(everything);

    const crowd = [underWay(), underWay()];
    await expect.poll(inFlight).toBe(2);
    expect(await all()).toEqual({ ...everything, browse: 503, unsaid: 503, reports: 503 });

    crowd.push(underWay());
    await expect.poll(inFlight).toBe(3);
    expect(await all()).toEqual({ ...everything, account: 503, browse: 503, unsaid: 503, reports: 503 });

    crowd.push(underWay());
    await expect.poll(inFlight).toBe(4);
    const nothing = { checkout: 503, account: 503, browse: 503, unsaid: 503, reports: 503, internal: 503 };
    expect(await all()).toEqual({ ...nothing, health: 200, ready: 200 });

    for (const { leave } of crowd) await leave();
    await expect.poll(inFlight).toBe(0);
    expect(await all()).toEqual(everything);
  });

  it('refuses before it looks at tokens and bodies, with a problem, and keeps the connection', async () => {
    const crowd = Array.from({ length: 4 }, underWay);
    await expect.poll(inFlight).toBe(4);

    const answer = await app.request('POST', '/v1/things', {
      caller: null,
      body: '{broken',
      headers: { 'x-request-id': 'mine' },
    });

    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({ code: 'overloaded', instance: '/v1/things', requestId: 'mine' });
    expect(answer.headers.get('x-request-id')).toBe('mine');
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThanOrEqual(1);
    expect(answer.headers.get('connection')).toBe('keep-alive');
    for (const { leave } of crowd) await leave();
  });
});

describe('a service whose event loop is late', () => {
  it('refuses what comes, never its probes, and recovers', async () => {
    const app = await startApp({
      name: 'product',
      module: tinyModule,
      config: loadConfig,
      environment: { LOOP_DELAY_MAX_MS: '20' },
    });
    const status = async (path: string) => (await app.request('GET', path)).status;
    const block = () => {
      const until = performance.now() + 600;
      while (performance.now() < until) Math.sqrt(2);
    };

    block();
    const during = await Promise.all(['/v1/things', '/health', '/ready'].map(status));

    expect(during).toEqual([503, 200, 200]);
    await expect.poll(() => status('/v1/things'), { timeout: 10_000 }).toBe(200);
    await app.close();
  });
});
