import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { silentLogger } from '@emporium/telemetry';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpClient, type HttpClientOptions } from './index.ts';

describe('the connections of a client', () => {
  let server: Server;
  let client: HttpClient;
  const open = new Set<Socket>();
  let made = 0;

  beforeEach(async () => {
    made = 0;
    // As long as balancers want it, and not telling: the client has to know by itself.
    server = createServer({ keepAliveTimeout: 65_000 }, (_, response) => {
      response.setHeader('connection', 'keep-alive').end('{}');
    });
    server.on('connection', (socket) => {
      made += 1;
      open.add(socket);
      socket.on('close', () => open.delete(socket));
    });
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(async () => {
    await client.close();
    server.close().closeAllConnections();
  });

  const clientOf = (options: Partial<HttpClientOptions> = {}): HttpClient => {
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    client = new HttpClient({ name: 'product', baseUrl, logger: silentLogger, ...options });
    return client;
  };
  const ask = async () => (await client.request({ method: 'GET', path: '/' })).status;

  it('serve one call after another', async () => {
    clientOf();

    for (let call = 0; call < 20; call += 1) expect(await ask()).toBe(200);

    // Two, not one: a connection is not yet free in the moment in which its call has ended.
    expect(made).toBeLessThanOrEqual(2);
  });

  it('are let go of sooner than a server that ends closes them (5 s), so that no call meets the end of one', async () => {
    clientOf();
    await Promise.all([ask(), ask(), ask()]);
    expect(open.size).toBe(3);

    await expect.poll(() => open.size, { timeout: 4_900 }).toBe(0);
  });

  it('grow old, so that their load finds its way to replicas that came later', async () => {
    clientOf({ connectionAgeMs: 20 });

    const deadline = Date.now() + 10_000;
    while (made < 4 && Date.now() < deadline) expect(await ask()).toBe(200);

    expect(made).toBe(4);
    await expect.poll(() => open.size).toBeLessThanOrEqual(2);
  });

  it('end calls before they end, however old they are', async () => {
    server.removeAllListeners('request');
    server.on('request', (_, response) => void setTimeout(() => response.end('{}'), Math.random() * 10));
    clientOf({ connectionAgeMs: 1, retry: { attempts: 0 } });

    const callers = Array.from({ length: 20 }, async () => {
      for (let call = 0; call < 20; call += 1) expect(await ask()).toBe(200);
    });
    await Promise.all(callers);

    expect(made).toBeGreaterThan(20);
  });
});
