import { recordingLogger } from '@emporium/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Lifecycle, type StopPhase } from './lifecycle.ts';

describe('the end of a service', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const recording = (lifecycle: Lifecycle, phases: StopPhase[]) => {
    const events: string[] = [];
    for (const phase of phases) {
      lifecycle.onStop(phase, phase, async () => {
        events.push(`${phase} begins`);
        await new Promise((resolve) => setTimeout(resolve, 100));
        events.push(`${phase} ends`);
      });
    }
    return events;
  };

  it('goes through its phases in order, however the steps were registered', async () => {
    const lifecycle = new Lifecycle(recordingLogger().logger);
    const events = recording(lifecycle, ['stores', 'background', 'requests']);

    const stopped = lifecycle.stop('SIGTERM');
    await vi.runAllTimersAsync();

    expect(await stopped).toBe(true);
    expect(events).toEqual(['requests', 'background', 'stores'].flatMap((phase) => [`${phase} begins`, `${phase} ends`]));
  });

  it('is stopping at once, and begins its phases after the delay', async () => {
    const lifecycle = new Lifecycle(recordingLogger().logger, 5000);
    const events = recording(lifecycle, ['requests']);
    expect(lifecycle.stopping).toBe(false);

    const stopped = lifecycle.stop('SIGTERM');

    expect(lifecycle.stopping).toBe(true);
    await vi.advanceTimersByTimeAsync(4999);
    expect(events).toEqual([]);
    await vi.advanceTimersByTimeAsync(200);
    expect(events).toEqual(['requests begins', 'requests ends']);
    await stopped;
  });

  it('takes nothing in from the signal on, while requests still come, and ends what was taken before what it needs', async () => {
    const lifecycle = new Lifecycle(recordingLogger().logger, 5000);
    const events = recording(lifecycle, ['requests', 'background']);
    lifecycle.onStop('intake', 'jobs', async () => {
      events.push('intake begins');
      await new Promise((resolve) => setTimeout(resolve, 6000));
      events.push('intake ends');
    });

    const stopped = lifecycle.stop('SIGTERM');
    await vi.advanceTimersByTimeAsync(1);
    expect(events).toEqual(['intake begins']);
    await vi.runAllTimersAsync();

    expect(await stopped).toBe(true);
    const background = ['background begins', 'background ends'];
    expect(events).toEqual(['intake begins', 'requests begins', 'requests ends', 'intake ends', ...background]);
  });

  it('stops at once what is begun while it ends', async () => {
    const lifecycle = new Lifecycle(recordingLogger().logger, 5000);
    const events = recording(lifecycle, ['stores']);

    const stopped = lifecycle.stop('SIGTERM');
    await vi.advanceTimersByTimeAsync(1000);
    lifecycle.onStop('intake', 'a late worker', async () => {
      await new Promise((resolve) => setTimeout(resolve, 6000));
      events.push('worker ends');
    });
    await vi.runAllTimersAsync();

    expect(await stopped).toBe(true);
    expect(events).toEqual(['worker ends', 'stores begins', 'stores ends']);
  });

  it('stops once, however often it is asked', async () => {
    const lifecycle = new Lifecycle(recordingLogger().logger);
    const events = recording(lifecycle, ['stores']);

    const answers = Promise.all([lifecycle.stop('SIGTERM'), lifecycle.stop('SIGINT')]);
    await vi.runAllTimersAsync();

    expect(await answers).toEqual([true, true]);
    expect(events).toEqual(['stores begins', 'stores ends']);
  });

  it('goes on after a step that fails or hangs, says so, and ends within 15 s', async () => {
    const { logger, lines } = recordingLogger();
    const lifecycle = new Lifecycle(logger, 5000);
    lifecycle.onStop('intake', 'hangs from the start', () => new Promise(() => undefined));
    lifecycle.onStop('requests', 'hangs', () => new Promise(() => undefined));
    lifecycle.onStop('background', 'also hangs', () => new Promise(() => undefined));
    lifecycle.onStop('background', 'fails', () => {
      throw new Error('no');
    });
    const events = recording(lifecycle, ['stores']);
    const startedAt = Date.now();

    const stopped = lifecycle.stop('SIGTERM');
    await vi.runAllTimersAsync();

    expect(await stopped).toBe(false);
    expect(Date.now() - startedAt).toBeLessThanOrEqual(15_000);
    expect(events).toEqual(['stores begins', 'stores ends']);
    const failed = lines.filter(({ level }) => level === 'error').map(({ fields }) => fields.step);
    expect(failed.sort()).toEqual(['also hangs', 'fails', 'hangs', 'hangs from the start']);
  });
});
