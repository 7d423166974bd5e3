import { once } from 'node:events';
import { connect } from 'node:net';
import { startApp, type TestApp } from '@emporium/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadConfig, tinyModule } from '../../test/tiny.service.ts';

describe('a request', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ name: 'product', module: tinyModule, config: loadConfig });
  });
  afterAll(() => app.close());

  it('keeps the id its caller gave it', async () => {
    const { headers, body } = await app.request('GET', '/v1/things/mine', { as: {}, headers: { 'x-request-id': 'a.B-3_c' } });

    expect(headers.get('x-request-id')).toBe('a.B-3_c');
    expect(body.context.requestId).toBe('a.B-3_c');
  });

  it.each(['', 'a b', 'a"b', 'x'.repeat(65), 'ä'])('gets a new id in place of %j', async (id) => {
    const { headers } = await app.request('GET', '/v1/things', { headers: { 'x-request-id': id } });

    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('keeps its context over the reading of a body, each its own', async () => {
    const ids = Array.from({ length: 50 }, (_, index) => `request-${index}`);

    const answers = await Promise.all(
      ids.map((id) =>
        app.request('PUT', '/v1/things/1/label', {
          as: {},
          headers: { 'x-request-id': id },
          body: { text: 'x'.repeat(100_000) },
        }),
      ),
    );

    expect(answers.map(({ body }) => body.requestId)).toEqual(ids);
  });

  it('has the deadline its caller gave it', async () => {
    const { body } = await app.request('GET', '/v1/things/mine', { as: {}, headers: { 'x-request-timeout-ms': '1500' } });

    expect(body.remainingMs).toBeGreaterThan(500);
    expect(body.remainingMs).toBeLessThanOrEqual(1500);
  });

  it.each(['0', '30001', '-1', '1e3', '1.5', 'soon', '999999'])('has no deadline for %j', async (ms) => {
    const { body } = await app.request('GET', '/v1/things/mine', { as: {}, headers: { 'x-request-timeout-ms': ms } });

    expect(body.remainingMs).toBeUndefined();
  });

  it('can be read as the bytes that came', async () => {
    const { body } = await app.request('POST', '/v1/trouble/raw', { body: '{ "a":  1 }' });

    expect(Buffer.from(body.bytes, 'hex').toString()).toBe('{ "a":  1 }');
  });

  it('answers a bug with a bare 500', async () => {
    const { status, body } = await app.request('GET', '/v1/trouble/bug');

    expect(status).toBe(500);
    expect(body).toMatchObject({ code: 'internal', instance: '/v1/trouble/bug' });
    expect(JSON.stringify(body)).not.toContain('secret');
  });

  it('says when to try again', async () => {
    const { status, headers, body } = await app.request('GET', '/v1/trouble/busy?x=personal');

    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('2');
    expect(body).toMatchObject({ code: 'thing-unavailable', instance: '/v1/trouble/busy' });
  });

  it('is logged in one line, with its route and never its query or body', async () => {
    const log = vi.spyOn(app.service.logger, 'log');

    await app.request('POST', '/v1/things?q=personal', { as: { sub: 'ann' }, body: { name: 'very secret' } });
    await vi.waitFor(() => expect(log).toHaveBeenCalled());

    expect(log.mock.calls).toEqual([
      ['info', 'request', { method: 'POST', route: '/v1/things', status: 201, durationMs: expect.any(Number) }],
    ]);
    log.mockRestore();
  });

  it('is logged and counted when its client leaves early', async () => {
    const log = vi.spyOn(app.service.logger, 'log');
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
    socket.write(
      `GET /v1/trouble/late?ms=300 HTTP/1.1\r\nhost: a\r\nx-service-token: ${await app.tokens.service('gateway')}\r\n\r\n`,
    );
    await expect.poll(async () => metric(app, 'emporium_http_requests_in_flight')).toBeGreaterThan(0);

    socket.destroy();

    await vi.waitFor(() => expect(log.mock.calls.at(-1)?.[2]).toMatchObject({ route: '/v1/trouble/late', status: 499 }));
    expect(await metric(app, 'emporium_http_requests_in_flight')).toBe(0);
    log.mockRestore();
  });

  it('logs a bug once, with its stack, and a probe not at all', async () => {
    const error = vi.spyOn(app.service.logger, 'error');
    const log = vi.spyOn(app.service.logger, 'log');

    await app.request('GET', '/v1/trouble/bug');
    await app.request('GET', '/health', { caller: null });

    await vi.waitFor(() => expect(log).toHaveBeenCalledTimes(2));
    expect(error).toHaveBeenCalledTimes(1);
    expect(error.mock.calls[0]?.[1]?.error).toMatchObject({ message: 'secret detail', stack: expect.any(String) });
    expect(log.mock.calls.map(([level]) => level)).toEqual(['info', 'debug']);
    error.mockRestore();
    log.mockRestore();
  });

  it('is counted by route pattern, whatever its path', async () => {
    await app.request('GET', '/v1/things/11111111-1111-4111-8111-111111111111', { as: {} });
    await app.request('GET', '/v1/unheard/of', { caller: null });
    await app.request('GET', '/v1/%zz', { caller: null });

    await expect
      .poll(() => text(`${app.managementUrl}/metrics`))
      .toMatch(/emporium_http_requests_total\{method="GET",route="\/v1\/things\/:id",status="200"\} 1/);
    const metrics = await text(`${app.managementUrl}/metrics`);
    expect(metrics).toMatch(/emporium_http_requests_total\{method="GET",route="unknown",status="404"\} 1/);
    expect(metrics).toMatch(/emporium_http_requests_total\{method="GET",route="unknown",status="400"\} 1/);
    expect(metrics).not.toContain('11111111');
  });
});

describe('the server', () => {
  const start = (environment?: NodeJS.ProcessEnv) =>
    startApp({ name: 'product', module: tinyModule, config: loadConfig, environment });
  const addressOf = async (app: TestApp, forwardedFor: string): Promise<string> => {
    const headers = { 'x-forwarded-for': forwardedFor };
    return (await app.request('GET', '/internal/things/open', { caller: null, headers })).body.address;
  };

  it('has limits on everything, and keeps connections longer than the load balancer in front', async () => {
    const app = await start();
    const server = app.service.app.getHttpServer();

    expect(server.requestTimeout).toBe(30_000);
    expect(server.timeout).toBe(40_000);
    expect(server.keepAliveTimeout + server.keepAliveTimeoutBuffer).toBeGreaterThan(60_000);
    // Clients that keep to it let go before SHUTDOWN_DELAY_MS (5 s in production) is over.
    expect((await app.request('GET', '/health', { caller: null })).headers.get('keep-alive')).toBe('timeout=5');
    expect(server.headersTimeout).toBeLessThanOrEqual(60_000);
    await app.close();
  });

  it('believes forwarded addresses of the named proxies only', async () => {
    const [direct, behindProxy] = await Promise.all([start(), start({ TRUSTED_PROXIES: '127.0.0.1, 10.0.0.0/8' })]);

    expect(await addressOf(direct, '203.0.113.7')).toBe('127.0.0.1');
    expect(await addressOf(behindProxy, '203.0.113.7')).toBe('203.0.113.7');
    // The client wrote the first one itself; the proxies added the others.
    expect(await addressOf(behindProxy, '198.51.100.1, 203.0.113.7, 10.1.2.3')).toBe('203.0.113.7');
    await Promise.all([direct.close(), behindProxy.close()]);
  });

  it('does not wait for idle connections when it closes', async () => {
    const app = await start();
    const socket = connect(Number(new URL(app.url).port), '127.0.0.1');
    socket.write('GET /health HTTP/1.1\r\nhost: a\r\n\r\n');
    await once(socket, 'data');
    const startedAt = performance.now();

    await app.close();

    expect(performance.now() - startedAt).toBeLessThan(2_000);
    socket.destroy();
  });
});

describe('probes', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ name: 'product', module: tinyModule, config: loadConfig });
  });
  afterAll(() => app.close());

  const probe = (path: string) => app.request('GET', path, { caller: null });

  it('are open to everyone and say what works, not why not', async () => {
    const { HealthRegistry } = await import('../health/health.registry.ts');
    app
      .get(HealthRegistry)
      .register({ name: 'redis', required: false, check: () => Promise.reject(new Error('10.0.0.7 refused')) });

    const ready = await probe('/ready');
    const deep = await (await fetch(`${app.managementUrl}/health/deep`)).json();

    expect(ready).toMatchObject({
      status: 200,
      body: { status: 'ready', checks: [{ name: 'redis', required: false, status: 'down' }] },
    });
    expect(JSON.stringify(ready.body)).not.toContain('10.0.0.7');
    expect(deep).toMatchObject({ status: 'ready', checks: [{ error: '10.0.0.7 refused', durationMs: expect.any(Number) }] });
  });

  it('tell a dead dependency by readiness, while the process counts as alive', async () => {
    const { HealthRegistry } = await import('../health/health.registry.ts');
    app.get(HealthRegistry).register({ name: 'jobs', required: true, check: () => Promise.reject(new Error('not running')) });

    const [live, ready, alias] = await Promise.all([probe('/health'), probe('/ready'), probe('/health/ready')]);
    const deep = await fetch(`${app.managementUrl}/health/deep`);

    expect(live).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(ready).toMatchObject({ status: 503, body: { status: 'not-ready' } });
    expect(alias.status).toBe(503);
    expect(deep.status).toBe(503);
  });

  it('keep metrics and details off the service port', async () => {
    const statuses = await Promise.all(['/metrics', '/health/deep'].map(async (path) => (await probe(path)).status));
    const unknown = await fetch(`${app.managementUrl}/constructor`);
    const live = await fetch(`${app.managementUrl}/health?x`);

    expect(statuses).toEqual([404, 404]);
    expect(unknown.status).toBe(404);
    expect(live.status).toBe(200);
  });
});

const text = async (url: string): Promise<string> => (await fetch(url)).text();

async function metric(app: TestApp, name: string): Promise<number> {
  const line = (await text(`${app.managementUrl}/metrics`)).split('\n').find((each) => each.startsWith(`${name} `));
  return Number(line?.split(' ')[1]);
}
