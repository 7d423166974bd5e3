import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Steps, seconds } from './steps.ts';

describe('a step', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());
  const lines: string[] = [];
  const steps = new Steps((line) => lines.push(line));
  beforeEach(() => void lines.splice(0));

  it('is told when it is done, with what it has to say', async () => {
    await steps.run('migrations', async () => 'order');
    await steps.run('gateway', async () => undefined);

    expect(lines).toEqual([
      expect.stringMatching(/^✓ migrations: order \(\d+\.\d s\)$/),
      expect.stringMatching(/^✓ gateway \(\d+\.\d s\)$/),
    ]);
  });

  it('is told of while it goes on when it takes long', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const step = steps.run('Redis', () => promise);
    vi.advanceTimersByTime(3_000);

    expect(lines).toEqual(['… Redis']);
    resolve();
    await step;
  });

  it('that fails is not told as done', async () => {
    await expect(steps.run('seed', () => Promise.reject(new Error('no')))).rejects.toThrow('no');

    expect(lines).toEqual([]);
  });

  it('is measured in seconds', () => {
    expect(seconds(1_250)).toBe('1.3 s');
  });
});
