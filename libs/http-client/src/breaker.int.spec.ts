import { registry } from '@emporium/telemetry';
import { answer, hang, recordingLogger, type ScriptedServer, scriptedServer } from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { HttpClient, type HttpClientOptions } from './index.ts';

describe('the circuit of an upstream', () => {
  let server: ScriptedServer;
  let client: HttpClient;
  let log: ReturnType<typeof recordingLogger>;
  const resetTimeoutMs = 150;

  const build = (options: Partial<HttpClientOptions> = {}) => {
    client = new HttpClient({
      name: 'product',
      baseUrl: server.url,
      logger: log.logger,
      retry: { attempts: 0 },
      breaker: { resetTimeoutMs, volumeThreshold: 5 },
      ...options,
    });
  };
  const call = (timeoutMs = 1_000) =>
    client.get('/', z.unknown(), { timeoutMs }).then(
      () => 'ok',
      (error: { code?: string; message: string }) => error.code ?? error.message,
    );
  const calls = async (times: number, timeoutMs?: number) => {
    const codes: string[] = [];
    for (let index = 0; index < times; index += 1) codes.push(await call(timeoutMs));
    return codes;
  };
  const openIt = async () => {
    server.behave(answer(500));
    await calls(5);
    expect(client.state).toBe('open');
  };
  const halfOpen = () => expect.poll(() => client.state, { interval: 10, timeout: 2_000 }).toBe('half-open');

  beforeEach(async () => {
    log = recordingLogger();
    server = await scriptedServer();
  });
  afterEach(async () => {
    await client.close();
    await server.close();
  });

  it('does not open on one failure', async () => {
    build();
    server.behave(answer(500));

    await calls(1);

    expect(client.state).toBe('closed');
  });

  it('does not open on one failure with the default settings either', async () => {
    build({ breaker: {} });
    server.behave(answer(500));
    await calls(9);
    expect(client.state).toBe('closed');

    await calls(1);

    expect(client.state).toBe('open');
  });

  it('opens when most of enough calls fail, answers at once and says when to come back', async () => {
    build({ breaker: { volumeThreshold: 5 } });
    await openIt();
    const before = server.requests.length;

    const startedAt = performance.now();
    const error = await client.get('/', z.unknown()).catch((reason: unknown) => reason);

    expect(performance.now() - startedAt).toBeLessThan(50);
    expect(error).toMatchObject({ kind: 'unavailable', code: 'product-unavailable', retryAfterSeconds: 30 });
    expect(server.requests).toHaveLength(before);
  });

  it('opens on time-outs and on lost connections', async () => {
    build();
    server.behave(hang);
    await calls(5, 110);
    expect(client.state).toBe('open');
    await client.close();

    build();
    server.behave((request) => void request.socket.destroy());
    await calls(5);
    expect(client.state).toBe('open');
  });

  it('stays closed on 4xx, however many', async () => {
    build();
    server.behave(answer(404));

    await calls(20);

    expect(client.state).toBe('closed');
  });

  it('stays closed when calls had no fair amount of time', async () => {
    build();
    server.behave(hang);

    await calls(10, 20);

    expect(client.state).toBe('closed');
  });

  it('stays closed when callers go away', async () => {
    build();
    server.behave(hang);

    for (let index = 0; index < 10; index += 1) {
      const caller = new AbortController();
      const gone = client.request({ method: 'GET', path: '/', signal: caller.signal }).catch((error: unknown) => error);
      caller.abort();
      await gone;
    }

    expect(client.state).toBe('closed');
  });

  it('closes after a half-open call that is answered', async () => {
    build();
    await openIt();
    await halfOpen();
    server.behave(answer(200));

    expect(await call()).toBe('ok');

    expect(client.state).toBe('closed');
  });

  it('takes a 404 in half-open for a sign of life', async () => {
    build();
    await openIt();
    await halfOpen();
    server.behave(answer(404));

    expect(await call()).toBe('not-found');

    expect(client.state).toBe('closed');
  });

  it('opens again after a half-open call that fails', async () => {
    build();
    await openIt();
    await halfOpen();

    await call();

    expect(client.state).toBe('open');
  });

  it('lets one call through in half-open and refuses the others', async () => {
    build();
    await openIt();
    await halfOpen();
    const before = server.requests.length;
    server.behave((_request, response) => void setTimeout(() => response.end('{}'), 50));

    const codes = await Promise.all(Array.from({ length: 10 }, () => call()));

    expect(codes.filter((code) => code === 'ok')).toHaveLength(1);
    expect(server.requests).toHaveLength(before + 1);
  });

  it('does not stay half-open when its one call hangs: the call ends in time and the circuit opens again', async () => {
    build();
    await openIt();
    await halfOpen();
    server.behave(hang);

    expect(await call(120)).toBe('product-timeout');
    expect(client.state).toBe('open');

    server.behave(answer(200));
    await halfOpen();
    expect(await call()).toBe('ok');
  });

  it('does not close because a half-open call was given up by its caller', async () => {
    build();
    await openIt();
    await halfOpen();
    server.behave(hang);
    const caller = new AbortController();
    const probe = client.request({ method: 'GET', path: '/', signal: caller.signal }).catch((error: unknown) => error);
    await expect.poll(() => server.open).toBe(1);

    caller.abort();
    await probe;

    expect(client.state).toBe('open');
  });

  it('asks whoever knows better which answers speak against the upstream', async () => {
    build({
      breaker: { volumeThreshold: 5, isFailure: ({ status, headers }) => status >= 500 && headers['retry-after'] === undefined },
    });
    server.behave(answer(503, {}, { 'retry-after': '1' }));

    await calls(10);

    expect(client.state).toBe('closed');
  });

  it('is its own: another process that calls the same upstream finds out for itself', async () => {
    build();
    const other = client;
    build();
    await openIt();

    server.behave(answer(200));

    expect([client.state, other.state]).toEqual(['open', 'closed']);
    expect((await other.request({ method: 'GET', path: '/' })).status).toBe(200);
    await other.close();
  });

  it('can be turned off', async () => {
    build({ breaker: { enabled: false, volumeThreshold: 1 } });
    server.behave(answer(500));

    await calls(20);

    expect(client.state).toBe('closed');
    expect(server.requests).toHaveLength(20);
  });

  it('logs and shows its states', async () => {
    build();
    await openIt();
    await halfOpen();
    server.behave(answer(200));
    await call();

    expect(log.lines.map(({ level, message }) => [level, message])).toEqual([
      ['warn', 'circuit opened'],
      ['info', 'circuit half-open'],
      ['info', 'circuit closed'],
    ]);
    const state = await registry.getSingleMetric('emporium_upstream_breaker_state')?.get();
    expect(state?.values.find(({ labels }) => labels.upstream === 'product')?.value).toBe(0);
  });
});
