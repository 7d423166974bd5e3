import { AppError } from '@emporium/errors';
import type { RawResponse } from '@emporium/http-client';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EdgeCache } from './edge.cache.ts';

const catalogue = { 'cdn-cache-control': 'public, max-age=1, stale-if-error=600' };
const answer = (body: string, headers: Record<string, string> = {}, status = 200): RawResponse => ({
  status,
  headers: { ...catalogue, etag: `"${body}"`, ...headers },
  body: Buffer.from(body),
});
const unavailable = () => Promise.reject(new AppError('unavailable', 'product-unavailable', 'Away.'));
const never = () => new Promise<RawResponse>(() => undefined);

describe('the edge cache', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance', 'setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());

  const open = (maxBytes = 100_000) => {
    const cache = new EdgeCache({ maxBytes, patienceMs: 900 });
    const ask = vi.fn<(ifNoneMatch: string | undefined) => Promise<RawResponse>>();
    ask.mockImplementation(async () => answer('first'));
    const read = async (key = '/v1/products') => {
      const { status, headers, body } = await cache.get(key, ask);
      return { status, age: headers.age, cache: headers['cache-status'], text: body.toString(), headers };
    };
    return { cache, ask, read };
  };

  it('asks once a second, and in between answers at once', async () => {
    const { cache, ask, read } = open();
    expect(await read()).toMatchObject({ text: 'first', age: undefined, cache: 'gateway; fwd=miss' });

    await vi.advanceTimersByTimeAsync(999);
    expect(cache.get('/v1/products', ask)).not.toBeInstanceOf(Promise);
    expect(await read()).toMatchObject({ text: 'first', age: '0', cache: 'gateway; hit' });
    expect(ask).toHaveBeenCalledOnce();

    await vi.advanceTimersByTimeAsync(1);
    ask.mockResolvedValueOnce(answer('second'));
    expect(await read()).toMatchObject({ text: 'second', age: undefined, cache: 'gateway; fwd=stale' });
  });

  it('counts the time the service took, and the age that the service gave', async () => {
    const { ask, read } = open();
    ask.mockImplementationOnce(() => new Promise((resolve) => setTimeout(resolve, 800, answer('slow'))));
    const slow = read();
    await vi.advanceTimersByTimeAsync(800);
    expect((await slow).text).toBe('slow');
    await vi.advanceTimersByTimeAsync(200);
    expect((await read()).text).toBe('first');

    ask.mockResolvedValue(answer('old', { age: '40', 'cache-status': 'product; hit; ttl=-40' }));
    expect(await read('/old')).toMatchObject({ age: '40', cache: 'product; hit; ttl=-40, gateway; fwd=miss' });
    await read('/old');
    expect(ask).toHaveBeenCalledTimes(4);
  });

  it('asks once for a thousand who want the same at the same time', async () => {
    const { ask, read } = open();

    const all = await Promise.all(Array.from({ length: 1_000 }, () => read()));

    expect(ask).toHaveBeenCalledOnce();
    expect(new Set(all.map(({ text }) => text))).toEqual(new Set(['first']));
    expect(all[999]?.cache).toBe('gateway; fwd=miss; collapsed');
  });

  it('asks with the tag it has, and keeps what a 304 confirms', async () => {
    const { ask, read } = open();
    await read();
    await vi.advanceTimersByTimeAsync(1_000);
    ask.mockResolvedValueOnce(answer('', { etag: '"first"' }, 304));

    expect(await read()).toMatchObject({ status: 200, text: 'first', cache: 'gateway; fwd=stale' });
    expect(ask).toHaveBeenLastCalledWith('"first"');
    await vi.advanceTimersByTimeAsync(500);
    expect(await read()).toMatchObject({ text: 'first', cache: 'gateway; hit' });
  });

  it.each<[string, () => Promise<RawResponse>]>([
    ['gives no answer', unavailable],
    ['answers 503', async () => answer('busy', {}, 503)],
    ['answers 504', async () => answer('late', {}, 504)],
  ])('shows the older answer, with its age, when the service %s', async (_, fail) => {
    const { ask, read } = open();
    await read();
    await vi.advanceTimersByTimeAsync(30_500);
    ask.mockImplementation(fail);

    expect(await read()).toMatchObject({ status: 200, text: 'first', age: '30', cache: 'gateway; hit; ttl=-30' });
    await vi.advanceTimersByTimeAsync(570_000);
    expect((await read()).text).toBe('first');
    await vi.advanceTimersByTimeAsync(501);
    await expect(read().then(({ status }) => Promise.reject(new Error(String(status))))).rejects.toThrow(/Away|503|504/);
  });

  it('shows the older answer after 900 ms when the service hangs, and at once to those who come later', async () => {
    const { ask, read } = open();
    await read();
    await vi.advanceTimersByTimeAsync(5_000);
    ask.mockImplementation(never);

    const first = read();
    await vi.advanceTimersByTimeAsync(900);
    expect(await first).toMatchObject({ text: 'first', age: '5' });
    const later = read();
    await vi.advanceTimersByTimeAsync(0);
    expect(await later).toMatchObject({ text: 'first', age: '5' });
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('keeps an answer that came too late for those who waited', async () => {
    const { ask, read } = open();
    await read();
    await vi.advanceTimersByTimeAsync(5_000);
    ask.mockImplementationOnce(() => new Promise((resolve) => setTimeout(resolve, 2_000, answer('second'))));
    const waiting = read();
    await vi.advanceTimersByTimeAsync(2_000);
    expect((await waiting).text).toBe('first');

    ask.mockImplementation(unavailable);

    expect(await read()).toMatchObject({ text: 'second', age: '2' });
  });

  it('prefers its own older answer to a still older one of the service', async () => {
    const { ask, read } = open();
    await read();
    await vi.advanceTimersByTimeAsync(5_000);
    ask.mockResolvedValue(answer('ancient', { age: '60' }));

    expect(await read()).toMatchObject({ text: 'first', age: '5', cache: 'gateway; hit; ttl=-4' });
  });

  it('has nothing to show for what was never read, may not be shown stale, or has gone', async () => {
    const { ask, read } = open();
    ask.mockResolvedValueOnce(answer('strict', { 'cdn-cache-control': 'public, max-age=1, must-revalidate' }));
    await read('/strict');
    await read('/gone');
    await vi.advanceTimersByTimeAsync(1_000);
    ask.mockResolvedValueOnce(answer('gone', {}, 404));
    expect((await read('/gone')).status).toBe(404);
    ask.mockImplementation(unavailable);

    for (const key of ['/never', '/strict', '/gone'])
      await expect(read(key)).rejects.toMatchObject({ code: 'product-unavailable' });
  });

  it('lets a bug through, and a refusal of the client', async () => {
    const { ask, read } = open();
    await read();
    await vi.advanceTimersByTimeAsync(1_000);
    ask.mockRejectedValueOnce(new TypeError('bug'));
    await expect(read()).rejects.toThrow('bug');
    ask.mockResolvedValueOnce(answer('no', {}, 400));
    expect((await read()).status).toBe(400);
  });

  it('asks anew after a change through this gateway, and lets nobody join a question from before it', async () => {
    const { cache, ask, read } = open();
    await read();
    cache.changed();
    ask.mockResolvedValueOnce(answer('second'));
    expect((await read()).text).toBe('second');

    const { promise, resolve } = Promise.withResolvers<RawResponse>();
    await vi.advanceTimersByTimeAsync(1_000);
    ask.mockReturnValueOnce(promise);
    const early = read();
    cache.changed();
    ask.mockResolvedValueOnce(answer('third'));
    const late = read();
    expect((await late).text).toBe('third');
    resolve(answer('before'));

    expect((await early).text).toBe('before');
    expect(await read()).toMatchObject({ text: 'third', cache: 'gateway; hit' });
  });

  it('shows what was withdrawn through this gateway to nobody, whatever fails', async () => {
    const { cache, ask, read } = open();
    await read('/v1/products/1 */*');
    await read('/v1/products/2 */*');
    cache.forget('/v1/products/1');
    await vi.advanceTimersByTimeAsync(1_000);
    ask.mockImplementation(unavailable);

    await expect(read('/v1/products/1 */*')).rejects.toMatchObject({ kind: 'unavailable' });
    expect((await read('/v1/products/2 */*')).text).toBe('first');
  });

  it('holds no more bytes than it may, and drops what nobody asked for longest', async () => {
    const { ask, read } = open(10_000);
    ask.mockImplementation(async () => answer('x'.repeat(2_000)));
    for (const key of ['/1', '/2', '/3', '/1', '/4']) await read(key);
    expect(ask).toHaveBeenCalledTimes(4);

    await read('/1');
    expect(ask).toHaveBeenCalledTimes(4);
    await read('/2');
    expect(ask).toHaveBeenCalledTimes(5);
    ask.mockImplementation(async () => answer('x'.repeat(20_000)));
    await read('/huge');
    await read('/huge');
    expect(ask).toHaveBeenCalledTimes(7);
  });
});
