import { type RevocationsResponse, revocationsPageSize } from '@emporium/contracts/user';
import type { HttpClient } from '@emporium/http-client';
import { recordingLogger } from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Revocations } from './revocations.ts';

const minute = 60_000;
const ended = (seq: number, agoMs = 0) => ({
  seq,
  sessionId: `s-${seq}`,
  endedAt: new Date(Date.now() - agoMs).toISOString(),
});

describe('ended sessions', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const follow = (everyMs?: number) => {
    const get = vi.fn<(path: string) => Promise<RevocationsResponse>>();
    get.mockResolvedValue({ items: [], next: 0 });
    const { logger, lines } = recordingLogger();
    const revocations = new Revocations({ get } as unknown as HttpClient, logger, everyMs);
    return { revocations, get, lines };
  };

  it('are known when the start has ended', async () => {
    const { revocations, get } = follow();
    get.mockResolvedValueOnce({ items: [ended(1), ended(2)], next: 2 });

    await revocations.start();

    expect([revocations.has('s-1'), revocations.has('s-2'), revocations.has('s-3')]).toEqual([true, true, false]);
    expect(get.mock.calls[0]?.[0]).toBe('/internal/revocations?since=0');
  });

  it('are asked for every second, from where the last answer ended', async () => {
    const { revocations, get } = follow();
    get.mockResolvedValueOnce({ items: [ended(1)], next: 1 });
    get.mockResolvedValueOnce({ items: [ended(2)], next: 2 });
    await revocations.start();

    await vi.advanceTimersByTimeAsync(1_000);
    expect(revocations.has('s-2')).toBe(true);
    await vi.advanceTimersByTimeAsync(1_000);

    expect(get.mock.calls.map(([path]) => path.split('=')[1])).toEqual(['0', '1', '2']);
  });

  it('are not asked for twice at a time when the answer is slow', async () => {
    const { revocations, get } = follow();
    await revocations.start();
    const { promise, resolve: answer } = Promise.withResolvers<RevocationsResponse>();
    get.mockReturnValueOnce(promise);

    await vi.advanceTimersByTimeAsync(5_000);
    expect(get).toHaveBeenCalledTimes(2);
    answer({ items: [ended(7)], next: 7 });
    await vi.advanceTimersByTimeAsync(1_000);

    expect(get).toHaveBeenCalledTimes(3);
    expect(revocations.has('s-7')).toBe(true);
  });

  it('stay refused while nobody can be asked; one line tells of it, another of the end', async () => {
    const { revocations, get, lines } = follow();
    get.mockResolvedValueOnce({ items: [ended(1)], next: 1 });
    await revocations.start();
    get.mockRejectedValueOnce(new Error('down')).mockRejectedValueOnce(new Error('down'));
    get.mockResolvedValueOnce({ items: [ended(2)], next: 2 });

    await vi.advanceTimersByTimeAsync(2_000);
    expect(revocations.has('s-1')).toBe(true);
    expect(lines).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);

    expect(revocations.has('s-2')).toBe(true);
    expect(lines.map(({ level }) => level)).toEqual(['warn', 'info']);
  });

  it('do not keep the gateway from starting, and nobody is let in until they are known', async () => {
    const { revocations, get } = follow();
    get.mockRejectedValueOnce(new Error('down'));

    await expect(revocations.start()).resolves.toBeUndefined();
    expect(() => revocations.has('s-1')).toThrow(expect.objectContaining({ kind: 'unavailable', code: 'sessions-unknown' }));
    await vi.advanceTimersByTimeAsync(1_000);

    expect(revocations.has('s-1')).toBe(false);
  });

  it('are known only when the last page of very many has come, which is asked for at once', async () => {
    const { revocations, get } = follow();
    const page = Array.from({ length: revocationsPageSize }, (_, index) => ended(index + 1));
    get.mockResolvedValueOnce({ items: page, next: revocationsPageSize }).mockRejectedValueOnce(new Error('down'));
    await revocations.start();
    expect(() => revocations.has('s-1')).toThrow();

    get.mockResolvedValueOnce({ items: page.slice(0, 1), next: revocationsPageSize });
    await vi.advanceTimersByTimeAsync(1_000);

    expect([revocations.has('s-1'), revocations.has('s-77777')]).toEqual([true, false]);
    expect(get.mock.calls.map(([path]) => path.split('=')[1])).toEqual(['0', '10000', '10000']);
  });

  it('are forgotten when no access token of theirs can live any more, and not before', async () => {
    const { revocations, get } = follow(minute);
    get.mockResolvedValueOnce({ items: [ended(1, 10 * minute), ended(2)], next: 2 });
    get.mockResolvedValue({ items: [], next: 2 });
    await revocations.start();

    await vi.advanceTimersByTimeAsync(9 * minute);
    expect([revocations.has('s-1'), revocations.has('s-2')]).toEqual([true, true]);
    await vi.advanceTimersByTimeAsync(3 * minute);

    expect([revocations.has('s-1'), revocations.has('s-2')]).toEqual([false, true]);
  });

  it('are not asked for after the stop, also when it comes in the middle of an answer', async () => {
    const { revocations, get } = follow();
    await revocations.start();
    revocations.stop();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(get).toHaveBeenCalledTimes(1);

    const other = follow();
    const starting = other.revocations.start();
    other.revocations.stop();
    await starting;
    await vi.advanceTimersByTimeAsync(5_000);

    expect(other.get).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});
