import { answer, hang, recordingLogger, type ScriptedServer, scriptedServer } from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { HttpClient, type UpstreamDefaults, upstreamSettings } from './index.ts';

describe('settings that change while a client is in use', () => {
  let server: ScriptedServer;
  let client: HttpClient;
  let settings = upstreamSettings({});

  const change = (changes: UpstreamDefaults) => {
    settings = upstreamSettings(changes);
  };
  const call = () =>
    client.get('/', z.unknown()).then(
      () => 'ok',
      (error: { code: string }) => error.code,
    );
  const many = (times: number) => Promise.all(Array.from({ length: times }, call));
  const count = (codes: string[], code: string) => codes.filter((one) => one === code).length;

  beforeEach(async () => {
    server = await scriptedServer();
    change({ retry: { attempts: 0 }, breaker: { enabled: false } });
    client = new HttpClient({
      name: 'product',
      baseUrl: server.url,
      logger: recordingLogger().logger,
      timeoutMs: 1,
      settings: () => settings,
    });
  });
  afterEach(async () => {
    await client.close();
    await server.close();
  });

  it('go before those the client was made with', async () => {
    server.behave((_request, response) => void setTimeout(() => response.end('{}'), 20));

    expect(await call()).toBe('ok');
  });

  it('limit the time of the next call', async () => {
    server.behave(hang);
    const patient = call();
    await expect.poll(() => server.open).toBe(1);

    change({ timeoutMs: 50, retry: { attempts: 0 } });

    expect(await call()).toBe('product-timeout');
    await expect.poll(() => server.open).toBe(1);
    await client.close();
    expect(await patient).toBe('product-unavailable');
  });

  it('make the bulkhead smaller, for calls that begin from then on', async () => {
    server.behave(hang);
    const begun = many(4);
    await expect.poll(() => server.open).toBe(4);

    change({ timeoutMs: 200, bulkhead: { maxConcurrent: 2 }, retry: { attempts: 0 } });

    expect(await many(3)).toEqual(Array(3).fill('product-busy'));
    expect(client.inFlight).toBe(4);
    await client.close();
    await begun;
  });

  it('make the bulkhead larger, connections included', async () => {
    change({ bulkhead: { maxConcurrent: 2 }, retry: { attempts: 0 } });
    server.behave(hang);
    const first = many(5);
    await expect.poll(() => server.open).toBe(2);

    change({ bulkhead: { maxConcurrent: 150 }, retry: { attempts: 0 } });
    const second = many(200);

    await expect.poll(() => server.open).toBe(150);
    await client.close();
    expect(count(await first, 'product-busy')).toBe(3);
    expect(count(await second, 'product-busy')).toBe(52);
  });

  it('turn retries on and off', async () => {
    server.behave(answer(503));
    await many(20);
    expect(server.requests).toHaveLength(20);

    change({ breaker: { enabled: false }, retry: { attempts: 1, budgetRatio: 0.5 } });
    for (let index = 0; index < 20; index += 1) await call();
    // Ten saved ones at most, and one for every second call.
    expect(server.requests.length).toBeGreaterThanOrEqual(20 + 20 + 10);
    const before = server.requests.length;

    change({ breaker: { enabled: false }, retry: { attempts: 0 } });
    for (let index = 0; index < 20; index += 1) await call();
    expect(server.requests).toHaveLength(before + 20);
  });

  it('change how much of the calls the retry budget gives', async () => {
    server.behave(answer(503));
    change({ breaker: { enabled: false }, retry: { attempts: 1, budgetRatio: 0 } });
    for (let index = 0; index < 20; index += 1) await call();
    expect(server.requests).toHaveLength(20);

    change({ breaker: { enabled: false }, retry: { attempts: 1, budgetRatio: 1 } });
    for (let index = 0; index < 20; index += 1) await call();

    expect(server.requests).toHaveLength(20 + 40);
  });

  it('reach an open circuit: turned off, it lets the next call through', async () => {
    change({ breaker: { volumeThreshold: 3 }, retry: { attempts: 0 } });
    server.behave(answer(500));
    for (let index = 0; index < 4; index += 1) await call();
    expect(client.state).toBe('open');
    server.behave(answer(200));
    expect(await call()).toBe('product-unavailable');

    change({ breaker: { enabled: false } });

    expect(await call()).toBe('ok');
    expect(client.state).toBe('closed');
  });
});
