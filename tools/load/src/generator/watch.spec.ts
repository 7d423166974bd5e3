import { once } from 'node:events';
import { createServer } from 'node:http';
import { freePorts } from '@emporium/local';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Moment, watch } from './watch.ts';

const samples: Record<string, Record<string, number>> = {
  http_reqs: { count: 120, rate: 3 },
  http_req_failed: { rate: 0.25 },
  vus: { value: 7 },
};
const server = createServer((request, response) => {
  const sample = samples[request.url?.split('/').at(-1) ?? ''];
  response.statusCode = sample === undefined ? 404 : 200;
  response.end(JSON.stringify({ data: { attributes: { sample } } }));
});
let url = '';

beforeAll(async () => {
  const [port] = await freePorts(1);
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${port}`;
});
afterAll(() => server.close());

describe('watching k6', () => {
  it('tells how far it has come', async () => {
    const moments: Moment[] = [];
    const watching = watch(url, (moment) => moments.push(moment), 20);

    await expect.poll(() => moments.length).toBeGreaterThan(1);
    watching.stop();

    expect(moments[0]).toMatchObject({ requests: 120, errorShare: 0.25, visitors: 7 });
    expect(moments[0]?.rate).toBeGreaterThan(0);
    expect(moments[1]?.rate).toBe(0);
  });

  it('says nothing of one that has not begun', async () => {
    const [port] = await freePorts(1);
    const silent = `http://127.0.0.1:${port}`;
    const moments: Moment[] = [];
    const early = watch(silent, (moment) => moments.push(moment), 10);
    const later: Moment[] = [];
    const watching = watch(url, (moment) => later.push(moment), 20);

    await expect.poll(() => later.length).toBeGreaterThan(1);
    early.stop();
    watching.stop();

    expect(moments).toEqual([]);
  });
});
