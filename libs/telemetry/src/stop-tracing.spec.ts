import { afterEach, describe, expect, it, vi } from 'vitest';
import { stopTracing, whenTracingStops } from './stop-tracing.ts';

describe('stopping the tracing', () => {
  afterEach(() => vi.useRealTimers());

  it('does nothing when none was started', async () => {
    await expect(stopTracing()).resolves.toBeUndefined();
  });

  it('stops once, however often it is called', async () => {
    const stop = vi.fn(async () => undefined);
    whenTracingStops(stop);

    await Promise.all([stopTracing(), stopTracing()]);

    expect(stop).toHaveBeenCalledOnce();
  });

  it('gives up on a collector that takes the connection and never answers', async () => {
    vi.useFakeTimers();
    whenTracingStops(() => new Promise(() => undefined));

    const outcome = expect(stopTracing(2_000)).rejects.toThrow('not taken within 2000 ms');
    await vi.advanceTimersByTimeAsync(2_000);

    await outcome;
  });
});
