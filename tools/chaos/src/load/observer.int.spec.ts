import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { Observer } from './observer.ts';

describe('the observer of a door', () => {
  const endings: (() => unknown)[] = [];
  afterEach(async () => void (await Promise.all(endings.splice(0).map((end) => end()))));

  async function observing(status: number): Promise<{ observer: Observer; requests: IncomingMessage[] }> {
    const requests: IncomingMessage[] = [];
    const server = createServer((request, response) => {
      requests.push(request);
      response.writeHead(status).end('{"code":"overloaded"}');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const observer = new Observer({ url, tokens: ['a', 'b'], everyMs: 10 });
    endings.push(
      () => observer.stop(),
      () => server.close().closeAllConnections(),
    );
    return { observer, requests };
  }

  it('asks at a steady pace, in turn for each of its people, with a key of its own each time, and tells what it hears', async () => {
    const { observer, requests } = await observing(503);

    await expect.poll(() => observer.asked.length, { timeout: 10_000 }).toBeGreaterThan(3);

    expect(observer.asked[0]).toEqual({ status: 503, code: 'overloaded', ms: expect.any(Number) });
    const [first, second] = requests.map(({ headers }) => headers);
    expect([first?.authorization, second?.authorization].toSorted()).toEqual(['Bearer a', 'Bearer b']);
    expect(first?.['idempotency-key']).not.toBe(second?.['idempotency-key']);
  });

  it('tells when it hears nothing, and is silent once it is stopped', async () => {
    const observer = new Observer({ url: 'http://127.0.0.1:1', tokens: ['a'], everyMs: 10 });
    endings.push(() => observer.stop());

    await expect.poll(() => observer.asked.length, { timeout: 10_000 }).toBeGreaterThan(0);
    const { length } = await observer.stop();

    expect(observer.asked[0]?.status).toBeUndefined();
    expect(observer.asked).toHaveLength(length);
  });
});
