import type { HttpClient } from '@emporium/http-client';
import { recordingLogger } from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Upstreams } from '../routing/upstreams.ts';
import { ApiDocsService } from './api-docs.service.ts';

const describing = (summary: string) => ({
  openapi: '3.1.0',
  paths: { '/v1/products': { get: { summary } }, '/v1/cart': { get: { summary } } },
  components: {},
});

describe('the description of the whole', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const build = () => {
    const get = vi.fn(async () => describing('first') as object);
    const client = { get } as unknown as HttpClient;
    const upstreams = new Upstreams({ user: client, product: client, order: client, payment: client });
    const { logger, lines } = recordingLogger();
    return { docs: new ApiDocsService(upstreams, logger), get, lines };
  };

  it('asks every service once, however many want to see it', async () => {
    const { docs, get } = build();

    const all = await Promise.all(Array.from({ length: 10 }, () => docs.current()));

    expect(get).toHaveBeenCalledTimes(4);
    expect(new Set(all).size).toBe(1);
    expect(docs.current()).toBe(all[0]);
  });

  it('is renewed after a minute, and nobody waits for that', async () => {
    const { docs, get } = build();
    const old = await docs.current();
    get.mockResolvedValue(describing('second'));

    await vi.advanceTimersByTimeAsync(59_000);
    expect(docs.current()).toBe(old);
    expect(get).toHaveBeenCalledTimes(4);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(docs.current()).toBe(old);
    await vi.advanceTimersByTimeAsync(0);
    const renewed = await docs.current();

    expect(get).toHaveBeenCalledTimes(8);
    expect(renewed.text).toContain('second');
    expect(renewed.etag).not.toBe(old.etag);
  });

  it('asks again soon while a service is missing, and keeps the last word of one that went', async () => {
    const { docs, get, lines } = build();
    get.mockRejectedValueOnce(new Error('down'));
    const first = await docs.current();
    expect(first.text).toContain('/v1/users/me');
    expect(lines).toMatchObject([{ level: 'warn', fields: { upstream: 'user' } }]);

    await vi.advanceTimersByTimeAsync(2_000);
    get.mockRejectedValue(new Error('down'));
    docs.current();
    await vi.advanceTimersByTimeAsync(0);

    expect((await docs.current()).text).toContain('first');
    expect(get).toHaveBeenCalledTimes(8);
  });
});
