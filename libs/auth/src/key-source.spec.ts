import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAccessTokenSigner } from './access-token.signer.ts';
import { KeySource } from './key-source.ts';
import { generateAccessKey, type JSONWebKeySet } from './keys.ts';

const newSet = () =>
  createAccessTokenSigner({ privateKey: generateAccessKey(), issuer: 'i', audience: 'a', lifetimeSeconds: 1 }).jwks();
const idOf = (set: JSONWebKeySet) => set.keys[0]?.kid ?? '';
const unavailable = expect.objectContaining({ kind: 'unavailable', code: 'keys-unavailable', retryAfterSeconds: 1 });
const down = () => Promise.reject(new Error('connect ECONNREFUSED'));

describe('the key source', () => {
  let first: JSONWebKeySet;
  let second: JSONWebKeySet;
  const fetch = vi.fn<() => Promise<JSONWebKeySet>>();
  const onError = vi.fn<(error: unknown) => void>();
  const onChange = vi.fn<() => void>();
  const source = () => new KeySource({ fetch, refreshMs: 60_000, unknownKeyMs: 5_000, timeoutMs: 2_000, onError, onChange });

  beforeEach(async () => {
    [first, second] = await Promise.all([newSet(), newSet()]);
    vi.useFakeTimers();
    for (const mock of [fetch, onError, onChange]) mock.mockReset();
    fetch.mockImplementation(async () => first);
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('is asked once by a hundred racing requests', async () => {
    const keys = source();

    const found = await Promise.all(Array.from({ length: 100 }, () => keys.find(idOf(first))));

    expect(found.every((key) => key !== undefined)).toBe(true);
    expect(fetch).toHaveBeenCalledOnce();
  });

  it('is not asked a second time while it still thinks about the first', async () => {
    fetch.mockImplementation(() => new Promise((resolve) => setTimeout(resolve, 1_500, first)));
    const keys = source();

    const early = keys.find(idOf(first));
    await vi.advanceTimersByTimeAsync(1_200);
    const late = keys.find(idOf(first));
    await vi.advanceTimersByTimeAsync(300);

    expect(await Promise.all([early, late])).toEqual([expect.anything(), expect.anything()]);
    expect(fetch).toHaveBeenCalledOnce();
  });

  it('is asked again for an unknown key id, but at most every five seconds whatever ids are shown', async () => {
    const keys = source();
    await keys.find(idOf(first));

    for (const forged of ['a', 'b', 'c', 'd']) expect(await keys.find(forged)).toBeUndefined();
    expect(fetch).toHaveBeenCalledTimes(1);

    await vi.advanceTimersByTimeAsync(5_000);
    await Promise.all(['e', 'f', 'g'].map((forged) => keys.find(forged)));
    expect(fetch).toHaveBeenCalledTimes(2);
  });

  it('finds a new key as soon as it may ask again', async () => {
    const keys = source();
    await keys.find(idOf(first));
    await vi.advanceTimersByTimeAsync(5_000);

    fetch.mockImplementation(async () => ({ keys: [...first.keys, ...second.keys] }));

    expect(await keys.find(idOf(second))).toBeDefined();
    expect(onChange).not.toHaveBeenCalled();
  });

  it.each<[string, () => Promise<JSONWebKeySet>]>([
    ['is down', down],
    ['answers with an empty set', async () => ({ keys: [] })],
    ['answers nonsense', async () => ({ error: 'no' }) as unknown as JSONWebKeySet],
    [
      'throws at once',
      () => {
        throw new Error('not even a promise');
      },
    ],
    ['never answers', () => new Promise(() => undefined)],
  ])('keeps the last good set when the issuer %s', async (_name, broken) => {
    const keys = source();
    await keys.find(idOf(first));
    fetch.mockImplementation(broken);
    await vi.advanceTimersByTimeAsync(60_000);

    expect(await keys.find(idOf(first))).toBeDefined();
    await vi.advanceTimersByTimeAsync(2_000);

    expect(fetch).toHaveBeenCalledTimes(2);
    expect(onError).toHaveBeenCalledOnce();
    expect(await keys.find(idOf(first))).toBeDefined();
  });

  it('asks again after a fetch that never ended', async () => {
    const keys = source();
    await keys.find(idOf(first));
    fetch.mockImplementation(() => new Promise(() => undefined));
    await vi.advanceTimersByTimeAsync(60_000);
    await keys.find(idOf(first));
    await vi.advanceTimersByTimeAsync(5_000);

    fetch.mockImplementation(async () => second);
    keys.renewIfOld();
    await keys.find(idOf(second));

    expect(await keys.find(idOf(second))).toBeDefined();
  });

  it('renews an old set in the background: nobody waits for it', async () => {
    const keys = source();
    await keys.find(idOf(first));
    await vi.advanceTimersByTimeAsync(60_000);
    fetch.mockImplementation(() => new Promise((resolve) => setTimeout(resolve, 1_000, second)));

    expect(await keys.find(idOf(first))).toBeDefined();
    await vi.advanceTimersByTimeAsync(1_000);

    expect(await keys.find(idOf(second))).toBeDefined();
    expect(await keys.find(idOf(first))).toBeUndefined();
    expect(onChange).toHaveBeenCalledOnce();
  });

  it('is unavailable, not unauthenticated, until the first set arrives, and seeks that once a second', async () => {
    fetch.mockImplementation(down);
    const keys = source();

    for (let attempt = 0; attempt < 10; attempt += 1) await expect(keys.find(idOf(first))).rejects.toEqual(unavailable);
    expect(fetch).toHaveBeenCalledTimes(1);

    await vi.advanceTimersByTimeAsync(1_000);
    fetch.mockImplementation(async () => first);
    expect(await keys.find(idOf(first))).toBeDefined();
  });
});
