import { testRedis } from '@emporium/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Behaviour, json } from './fake-service.ts';
import { GatewayWorld } from './gateway-world.ts';

const hit = 'gateway; hit';
const caching = { 'cdn-cache-control': 'public, max-age=1, stale-if-error=600', etag: '"1"' };
const answering: Behaviour = (_, response) => json(response, 200, { name: 'Kettle – für Tee' }, caching);

/** What is kept and fresh goes out before the framework does its part: here is what must be true of it all the same. */
describe('an answer that is at hand', () => {
  const redis = testRedis();
  let world: GatewayWorld;
  let path: string;
  beforeAll(async () => {
    world = await GatewayWorld.start({ REDIS_URL: redis.url });
  });
  beforeEach(() => {
    world.reset();
    world.services.product.behave(answering);
    path = `/v1/products?q=${crypto.randomUUID()}`;
  });
  afterAll(() => world.close());

  /** Reads until it comes from the gateway's memory, which a busy machine may be too slow for at first. */
  const fromMemory = (call: Parameters<GatewayWorld['call']>[2] = {}) =>
    vi.waitFor(async () => {
      const answer = await world.call('GET', path, call);
      expect(answer.headers.get('cache-status')).toBe(hit);
      return answer;
    });

  it('is the same as the first one, but for how it was found', async () => {
    const first = await world.call('GET', path);
    const kept = await fromMemory();

    const own = new Set(['x-request-id', 'date', 'cache-status', 'age']);
    const shared = ({ headers }: typeof first) => [...headers].filter(([name]) => !own.has(name));
    expect(shared(kept)).toEqual(shared(first));
    expect([kept.status, kept.bytes]).toEqual([200, first.bytes]);
    expect(kept.headers.get('content-security-policy')).toBeTruthy();
  });

  it('is byte by byte what the service said, also if it is no text', async () => {
    const bytes = Buffer.from([0xff, 0xd8, 0x00, 0x0a, 0xc3]);
    world.services.product.behave((_, response) => {
      response.writeHead(200, { ...caching, 'content-type': 'image/jpeg' });
      response.end(bytes);
    });

    const kept = await fromMemory();

    expect([kept.bytes, kept.headers.get('content-length')]).toEqual([bytes, '5']);
  });

  it('has a request id of its own, or the one its client chose', async () => {
    const [one, two] = [await fromMemory(), await fromMemory()];
    const named = await fromMemory({ headers: { 'x-request-id': 'mine-1' } });

    expect(one.headers.get('x-request-id')).not.toBe(two.headers.get('x-request-id'));
    expect(named.headers.get('x-request-id')).toBe('mine-1');
  });

  it('is a 304 without a body for whoever has it', async () => {
    await fromMemory();
    const known = await fromMemory({ headers: { 'if-none-match': '"1"' } });

    expect([known.status, known.bytes.length, known.headers.get('content-length')]).toEqual([304, 0, null]);
  });

  it('is logged with its id, and counted', async () => {
    const log = vi.spyOn(world.app.service.logger, 'log');
    const counted = async () => {
      const text = await (await fetch(`${world.app.managementUrl}/metrics`)).text();
      const line = text.split('\n').find((each) => /requests_total\{.*route="\/v1\/products",status="200"/.test(each));
      return Number(line?.split(' ')[1] ?? 0);
    };
    await fromMemory();
    await vi.waitFor(() => expect(log.mock.calls.length).toBeGreaterThanOrEqual(2));
    const before = await counted();
    log.mockClear();

    await fromMemory();

    await vi.waitFor(() => expect(log.mock.calls[0]?.[2]).toMatchObject({ method: 'GET', route: '/v1/products', status: 200 }));
    expect(await counted()).toBe(before + log.mock.calls.length);
    log.mockRestore();
  });

  it('is not for a request without a host', async () => {
    await fromMemory();

    expect(await world.raw(`GET ${path} HTTP/1.1\r\nconnection: close\r\n\r\n`)).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('keeps its connection, and its turn among several requests on it', async () => {
    await fromMemory();
    const ask = (id: string, more = '') => `GET ${path} HTTP/1.1\r\nhost: a\r\nx-request-id: ${id}\r\n${more}\r\n`;

    const text = await world.raw(ask('a') + ask('b') + ask('c', 'connection: close\r\n'));

    expect([...text.matchAll(/x-request-id: (\w)\r/g)].map(([, id]) => id)).toEqual(['a', 'b', 'c']);
  });
});
