import { silentLogger } from '@emporium/telemetry';
import { recordingLogger } from '@emporium/testing';
import { describe, expect, it, vi } from 'vitest';
import { startSweep } from './sweep.ts';

describe('a sweep', () => {
  it('runs again and again, one after the other, until it is stopped', async () => {
    let running = 0;
    const most: number[] = [];
    const sweep = vi.fn(async () => {
      most.push(++running);
      await Promise.resolve();
      running -= 1;
    });
    const started = startSweep({ name: 'spec', sweep, everyMs: 1, logger: silentLogger });
    await expect.poll(() => sweep.mock.calls.length).toBeGreaterThan(3);

    await started.stop();
    const calls = sweep.mock.calls.length;
    await new Promise((resolve) => setImmediate(resolve));

    expect(sweep.mock.calls.length).toBe(calls);
    expect(Math.max(...most)).toBe(1);
  });

  it('goes on after a failure, and says so once for each time of trouble', async () => {
    const log = recordingLogger();
    const failures = [true, true, false, true];
    const sweep = vi.fn(async () => {
      if (failures.shift()) throw new Error('not now');
    });
    const started = startSweep({ name: 'spec', sweep, everyMs: 1, logger: log.logger });

    await expect.poll(() => sweep.mock.calls.length).toBeGreaterThan(5);
    await started.stop();

    expect(log.lines.map(({ level }) => level)).toEqual(['warn', 'warn']);
  });
});
