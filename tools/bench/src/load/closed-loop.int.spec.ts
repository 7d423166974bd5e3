import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { closedLoop } from './closed-loop.ts';

describe('a closed loop', () => {
  let server: Server;
  afterEach(() => server.close());

  async function serve(listener: RequestListener): Promise<string> {
    server = createServer(listener).listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  it('sends so many requests, each the next, and waits for all answers', async () => {
    const seen: string[] = [];
    const url = await serve(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      seen.push(`${request.method} ${request.url} ${request.headers['content-type']} ${body}`);
      response.end('{}');
    });
    let count = 0;
    const drive = closedLoop({
      url,
      connections: 2,
      next: () => {
        count += 1;
        return { method: 'POST', path: `/orders/${count}`, body: { count } };
      },
    });

    expect(await drive({ amount: 10 })).toMatchObject({ done: 10, bytes: expect.any(Number) });
    const expected = Array.from({ length: 10 }, (_, index) => {
      return `POST /orders/${index + 1} application/json {"count":${index + 1}}`;
    });
    expect(seen.slice(0, 10).toSorted()).toEqual(expected.toSorted());
  });

  it('gives no figure when one answer is not as it should be', async () => {
    let count = 0;
    const url = await serve((_request, response) => {
      count += 1;
      response.writeHead(count === 3 ? 429 : 200).end();
    });
    const drive = closedLoop({ url, connections: 1, next: () => ({ method: 'GET', path: '/' }) });

    await expect(drive({ amount: 5 })).rejects.toThrow('1 × 429');
  });
});
