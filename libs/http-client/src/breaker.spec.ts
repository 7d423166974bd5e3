import { recordingLogger } from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Breaker } from './breaker.ts';
import type { BreakerSettings } from './upstream-settings.ts';

const settings: BreakerSettings = { errorThresholdPercentage: 50, resetTimeoutMs: 10_000, volumeThreshold: 4, enabled: true };

describe('a circuit whose settings change', () => {
  let log: ReturnType<typeof recordingLogger>;
  let breaker: Breaker;

  beforeEach(() => {
    vi.useFakeTimers();
    log = recordingLogger();
    breaker = new Breaker('product', settings, log.logger);
  });
  afterEach(() => {
    breaker.close();
    vi.useRealTimers();
  });

  const answering = (status: number) => async () => ({ status, headers: {}, body: Buffer.alloc(0) });
  const calls = async (times: number, status: number) => {
    for (let index = 0; index < times; index += 1) await breaker.run(answering(status)).catch(() => undefined);
  };
  const change = (changes: Partial<BreakerSettings>) => breaker.follow({ ...settings, ...changes });
  const messages = () => log.lines.map(({ message }) => message);

  it('opens after fewer calls when the volume is lowered, and counts those before', async () => {
    await calls(2, 500);
    expect(breaker.state).toBe('closed');

    change({ volumeThreshold: 3 });
    await calls(1, 500);

    expect(breaker.state).toBe('open');
  });

  it('opens after more calls when the volume is raised', async () => {
    change({ volumeThreshold: 8 });

    await calls(7, 500);
    expect(breaker.state).toBe('closed');
    await calls(1, 500);

    expect(breaker.state).toBe('open');
  });

  it('opens at a lower share of failures when the threshold is lowered', async () => {
    await calls(6, 200);
    await calls(3, 500);
    expect(breaker.state).toBe('closed');

    change({ errorThresholdPercentage: 20 });
    await calls(1, 500);

    expect(breaker.state).toBe('open');
  });

  it('bears more failures when the threshold is raised', async () => {
    change({ errorThresholdPercentage: 90 });
    await calls(2, 200);

    await calls(8, 500);

    expect(breaker.state).toBe('closed');
  });

  it('stays open through every change of thresholds, and says nothing of it', async () => {
    await calls(4, 500);

    change({ volumeThreshold: 100, errorThresholdPercentage: 100 });
    change({ resetTimeoutMs: 20_000 });
    change({ resetTimeoutMs: 15_000 });

    expect(breaker.state).toBe('open');
    await expect(breaker.run(answering(200))).rejects.toMatchObject({ retryAfterSeconds: 15 });
    expect(messages()).toEqual(['circuit opened']);
  });

  it('tries again sooner when its time is shortened while it is open', async () => {
    await calls(4, 500);
    vi.advanceTimersByTime(3_000);

    change({ resetTimeoutMs: 5_000 });

    vi.advanceTimersByTime(1_999);
    expect(breaker.state).toBe('open');
    vi.advanceTimersByTime(1);
    expect(breaker.state).toBe('half-open');
  });

  it('tries again at once when the shorter time is over already', async () => {
    await calls(4, 500);
    vi.advanceTimersByTime(3_000);

    change({ resetTimeoutMs: 1_000 });
    vi.advanceTimersByTime(1);

    expect(breaker.state).toBe('half-open');
  });

  it('waits longer when its time is prolonged while it is open, and for the whole of it the next time', async () => {
    await calls(4, 500);
    vi.advanceTimersByTime(9_000);

    change({ resetTimeoutMs: 30_000 });

    vi.advanceTimersByTime(20_999);
    expect(breaker.state).toBe('open');
    vi.advanceTimersByTime(1);
    expect(breaker.state).toBe('half-open');
    await calls(1, 500);
    vi.advanceTimersByTime(29_999);
    expect(breaker.state).toBe('open');
    vi.advanceTimersByTime(1);
    expect(breaker.state).toBe('half-open');
  });

  it('lets every call through from the moment it is turned off', async () => {
    await calls(4, 500);

    change({ enabled: false });

    expect(breaker.state).toBe('closed');
    expect((await breaker.run(answering(200))).status).toBe(200);
    await calls(20, 500);
    vi.advanceTimersByTime(60_000);
    expect(breaker.state).toBe('closed');
  });

  it('is not opened by a call that began before it was turned off', async () => {
    await calls(3, 500);
    let end = (): void => undefined;
    const slow = breaker.run(async () => {
      await new Promise<void>((resolve) => {
        end = resolve;
      });
      return { status: 500, headers: {}, body: Buffer.alloc(0) };
    });

    change({ enabled: false });
    end();
    await slow;

    expect(breaker.state).toBe('closed');
    expect(log.lines).toEqual([]);
  });

  it('works again when it is turned on again', async () => {
    change({ enabled: false });
    change({ enabled: true });

    await calls(4, 500);

    expect(breaker.state).toBe('open');
  });

  it('stays shut down whatever changes', async () => {
    breaker.close();

    change({ enabled: false });

    await expect(breaker.run(answering(200))).rejects.toThrow('shutdown');
  });
});
