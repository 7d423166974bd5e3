import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { rawClient } from '../../test/raw.client.ts';
import { type ClientLimits, limitClients } from './client.limits.ts';

const get = 'GET / HTTP/1.1\r\nHost: a\r\n\r\n';

describe('the limits of clients', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close().closeAllConnections();
  });

  async function serving(
    limits: ClientLimits,
    answer: RequestListener = (_, response) => void response.end('done'),
  ): Promise<string> {
    const server = createServer(answer);
    servers.push(server);
    limitClients(server, limits);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('end a connection whose client does not take its answer, and no other', async () => {
    const large = Buffer.alloc(32 * 1_024 * 1_024);
    const url = await serving({ answerTimeoutMs: 1_000 }, (_, response) => void response.end(large));
    const reader = rawClient(url, get);
    const sleeper = rawClient(url, get);
    sleeper.socket.pause();
    const idler = rawClient(url);

    // One that sleeps does not hear either that it was cut off, until it reads.
    await expect
      .poll(() => servers[0] && new Promise((resolve) => servers[0]?.getConnections((_, count) => resolve(count))), {
        timeout: 10_000,
      })
      .toBe(2);
    await expect.poll(() => reader.heard().length).toBeGreaterThan(large.length);

    sleeper.socket.resume();
    await sleeper.ended;
    expect(sleeper.heard().length).toBeLessThan(large.length);
    expect(idler.socket.readyState).toBe('open');
    for (const { socket } of [reader, idler]) socket.destroy();
  });

  it('end a connection whose client takes a little now and then', async () => {
    const large = Buffer.alloc(32 * 1_024 * 1_024);
    const url = await serving({ answerTimeoutMs: 2_000 }, (_, response) => void response.end(large));
    const dribbler = rawClient(url, get);
    dribbler.socket.on('data', () => {
      dribbler.socket.pause();
      setTimeout(() => dribbler.socket.resume(), 50);
    });

    await dribbler.ended;

    expect(dribbler.heard().length).toBeGreaterThan(0);
    expect(dribbler.heard().length).toBeLessThan(large.length);
  }, 20_000);

  it('let in only so many at a time, and those that ask for nothing make room', async () => {
    const url = await serving({ connectionsMax: 3 });
    const kept = [rawClient(url, get), rawClient(url, get), rawClient(url, get)];
    for (const { heard } of kept) await expect.poll(heard).toContain('done');

    const tooMany = rawClient(url, get);
    await tooMany.ended;
    await Promise.all(kept.map(({ ended }) => ended));
    const next = rawClient(url, get);

    await expect.poll(next.heard).toContain('done');
    expect(tooMany.heard()).toBe('');
    next.socket.destroy();
  });
});
