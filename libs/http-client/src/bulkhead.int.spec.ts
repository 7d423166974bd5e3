import { silentLogger } from '@emporium/telemetry';
import { answer, hang, type ScriptedServer, scriptedServer } from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { HttpClient, type HttpClientOptions } from './index.ts';

describe('the bulkhead', () => {
  let server: ScriptedServer;
  let client: HttpClient;
  const build = (options: Partial<HttpClientOptions>) => {
    client = new HttpClient({ name: 'product', baseUrl: server.url, logger: silentLogger, ...options });
    return client;
  };
  const codesOf = (results: PromiseSettledResult<unknown>[]) =>
    results.map((result) =>
      result.status === 'fulfilled' ? 'ok' : ((result.reason as { code: string }).code ?? String(result.reason)),
    );
  const count = (codes: string[], code: string) => codes.filter((one) => one === code).length;

  beforeEach(async () => {
    server = await scriptedServer();
  });
  afterEach(async () => {
    await client.close();
    await server.close();
  });

  it('refuses at once what is beyond its places', async () => {
    server.behave(hang);
    build({ bulkhead: { maxConcurrent: 2 } });

    const startedAt = performance.now();
    const calls = [1, 2, 3, 4, 5].map(() => client.get('/', z.unknown(), { timeoutMs: 300 }));
    const refused = await Promise.allSettled(calls.slice(2));

    expect(performance.now() - startedAt).toBeLessThan(150);
    expect(codesOf(refused)).toEqual(['product-busy', 'product-busy', 'product-busy']);
    expect(client.inFlight).toBe(2);
    await Promise.allSettled(calls);
    expect(client.inFlight).toBe(0);
  });

  it('does not count its refusals as failures: the circuit of a healthy upstream stays closed', async () => {
    server.behave((_request, response) => void setTimeout(() => response.end('{}'), 20));
    build({ bulkhead: { maxConcurrent: 2 }, breaker: { volumeThreshold: 5 } });

    const codes = codesOf(await Promise.allSettled(Array.from({ length: 100 }, () => client.get('/', z.unknown()))));

    expect([count(codes, 'ok'), count(codes, 'product-busy')]).toEqual([2, 98]);
    expect(client.state).toBe('closed');
    expect(await client.get('/', z.unknown())).toEqual({});
  });

  it('keeps the real number of calls at the upstream within its places, although calls run out of time', async () => {
    server.behave(hang);
    build({ bulkhead: { maxConcurrent: 2 }, breaker: { enabled: false } });

    for (let round = 0; round < 10; round += 1) {
      await Promise.allSettled([1, 2, 3, 4].map(() => client.get('/', z.unknown(), { timeoutMs: 110 })));
    }

    expect(server.requests).toHaveLength(20);
    expect(server.mostOpen).toBe(2);
  });

  it('frees its places after every kind of ending', async () => {
    build({ bulkhead: { maxConcurrent: 1 }, breaker: { enabled: false } });
    const caller = new AbortController();

    server.behave(answer(500));
    await client.request({ method: 'GET', path: '/' });
    server.behave((request) => void request.socket.destroy());
    await Promise.allSettled([client.request({ method: 'GET', path: '/' })]);
    server.behave(hang);
    await Promise.allSettled([client.request({ method: 'GET', path: '/', timeoutMs: 110 })]);
    const cancelled = Promise.allSettled([client.request({ method: 'GET', path: '/', signal: caller.signal })]);
    caller.abort();
    await cancelled;

    expect(client.inFlight).toBe(0);
  });
});
