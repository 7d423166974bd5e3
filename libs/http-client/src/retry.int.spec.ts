import { silentLogger } from '@emporium/telemetry';
import { answer, hang, type Script, type ScriptedServer, scriptedServer } from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { HttpClient, type HttpClientOptions } from './index.ts';

const lose: Script = (request) => void request.socket.destroy();

describe('retries', () => {
  let server: ScriptedServer;
  let client: HttpClient;
  const build = (options: Partial<HttpClientOptions> = {}) => {
    client = new HttpClient({
      name: 'product',
      baseUrl: server.url,
      logger: silentLogger,
      breaker: { enabled: false },
      retry: { attempts: 1, budgetRatio: 1 },
      ...options,
    });
    return client;
  };
  const codeOf = (call: Promise<unknown>) =>
    call.then(
      () => 'ok',
      (error: { code?: string; message: string }) => error.code ?? error.message,
    );
  const first = (script: Script, then: Script = answer(200)) => {
    server.behave((request, response) => (server.requests.length === 1 ? script : then)(request, response));
  };

  beforeEach(async () => {
    server = await scriptedServer();
  });
  afterEach(async () => {
    await client.close();
    await server.close();
  });

  it.each([
    ['a lost connection', lose],
    ['a 503', answer(503)],
  ])('hide %s from whoever reads', async (_name, script) => {
    first(script);

    expect(await codeOf(build().get('/', z.unknown()))).toBe('ok');
    expect(server.requests).toHaveLength(2);
  });

  it.each([
    ['PUT', () => client.put('/', {}, z.unknown())],
    ['DELETE', () => client.delete('/', z.unknown())],
    ['a POST that says so', () => client.post('/', {}, z.unknown(), { idempotent: true })],
    ['a raw request that says so', () => client.request({ method: 'POST', path: '/', idempotent: true })],
  ])('cover %s', async (_name, send) => {
    first(lose);
    build();

    expect(await codeOf(send())).toBe('ok');
    expect(server.requests).toHaveLength(2);
  });

  it.each([
    ['POST', () => client.post('/', {}, z.unknown())],
    ['PATCH', () => client.patch('/', {}, z.unknown())],
    ['a GET that says so', () => client.get('/', z.unknown(), { idempotent: false })],
    ['a raw request', () => client.request({ method: 'GET', path: '/' })],
  ])('never send %s twice', async (_name, send) => {
    first(lose);
    build();

    expect(await codeOf(send())).toBe('product-unavailable');
    expect(server.requests).toHaveLength(1);
  });

  it.each([400, 404, 409, 429, 500, 502, 504])('do not follow a %i', async (status) => {
    server.behave(answer(status));

    await codeOf(build().get('/', z.unknown()));

    expect(server.requests).toHaveLength(1);
  });

  it('do not follow a time-out: the time is used up', async () => {
    server.behave(hang);

    expect(await codeOf(build().get('/', z.unknown(), { timeoutMs: 120 }))).toBe('product-timeout');

    expect(server.requests).toHaveLength(1);
  });

  it('end with the deadline: the second try gets only what is left', async () => {
    first((request) => void setTimeout(() => request.socket.destroy(), 150), hang);

    const startedAt = performance.now();
    expect(await codeOf(build().get('/', z.unknown(), { timeoutMs: 500 }))).toBe('product-timeout');

    expect(performance.now() - startedAt).toBeLessThan(900);
    expect(server.requests).toHaveLength(2);
    expect(Number(server.requests[1]?.headers['x-request-timeout-ms'])).toBeLessThanOrEqual(350);
  });

  it('do not begin when the upstream asks for more patience than there is time', async () => {
    server.behave(answer(503, {}, { 'retry-after': '2' }));

    expect(await codeOf(build().get('/', z.unknown(), { timeoutMs: 1_000 }))).toBe('product-unavailable');

    expect(server.requests).toHaveLength(1);
  });

  it('wait as long as the upstream asks when there is time', async () => {
    first(answer(503, {}, { 'retry-after': '1' }));

    const startedAt = performance.now();
    expect(await codeOf(build().get('/', z.unknown()))).toBe('ok');

    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(995);
  });

  it.each([
    ['leave the wait to', { 'retry-after': '1' }, 503, 1],
    ['begin at once without a wait for', {}, 200, 2],
  ])('%s a caller who is not patient', async (_, headers, status, requests) => {
    first(answer(503, {}, headers));

    const answered = await build().request({ method: 'GET', path: '/', idempotent: true, patient: false });

    expect([answered.status, server.requests.length]).toEqual([status, requests]);
  });

  it('are as many as allowed, and the last failure is the one that shows', async () => {
    server.behave(lose);

    expect(await codeOf(build({ retry: { attempts: 3, budgetRatio: 10 } }).get('/', z.unknown()))).toBe('product-unavailable');

    expect(server.requests).toHaveLength(4);
  });

  it('hide the first failure of a process that has made no other call', async () => {
    first(lose);

    expect(await codeOf(build({ retry: {} }).get('/', z.unknown()))).toBe('ok');
  });

  it('add at most a tenth over a storm of a thousand calls in waves, and do not save up for it in good times', async () => {
    build({ retry: {} });
    for (let wave = 0; wave < 5; wave += 1) {
      await Promise.all(Array.from({ length: 40 }, () => codeOf(client.get('/', z.unknown()))));
    }
    const before = server.requests.length;

    server.behave(answer(503));
    for (let wave = 0; wave < 20; wave += 1) {
      await Promise.all(Array.from({ length: 50 }, () => codeOf(client.get('/', z.unknown()))));
    }

    expect(before).toBe(200);
    // Ten are saved at most, however long nothing failed.
    expect(server.requests.length - before).toBeLessThanOrEqual(1_000 + 100 + 10);
    expect(server.requests.length).toBeLessThanOrEqual(1_200 * 1.1);
  });

  it('add at most a tenth to the load of an upstream that fails every call', async () => {
    server.behave(answer(503));
    build({ retry: {} });

    await Promise.all(Array.from({ length: 100 }, () => codeOf(client.get('/', z.unknown()))));

    expect(server.requests.length).toBeLessThanOrEqual(110);
    expect(server.requests.length).toBeGreaterThan(100);
  });

  it('are not made while the circuit is open', async () => {
    server.behave(lose);
    build({ breaker: { volumeThreshold: 2 }, retry: { attempts: 5, budgetRatio: 10 } });

    expect(await codeOf(client.get('/', z.unknown()))).toBe('product-unavailable');

    expect(server.requests.length).toBeLessThan(6);
    expect(client.state).toBe('open');
  });

  it('stop when the caller goes away during the pause', async () => {
    server.behave(answer(503, {}, { 'retry-after': '1' }));
    const caller = new AbortController();
    const call = codeOf(build().get('/', z.unknown(), { signal: caller.signal }));
    await expect.poll(() => server.requests.length).toBe(1);
    await expect.poll(() => client.inFlight).toBe(0);

    caller.abort();

    expect(await call).toMatch(/abort/i);
    expect(server.requests).toHaveLength(1);
  });
});
