import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LoopDelay } from './loop-delay.ts';

describe('the delay of the event loop', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** A loop whose every look comes late by so much. */
  function watched() {
    const clock = { ms: 0 };
    const delay = new LoopDelay(() => clock.ms);
    const look = (lateMs: number) => {
      clock.ms += 25 + lateMs;
      vi.advanceTimersByTime(25);
    };
    return { clock, delay, look };
  }

  it('is none while timers are on time', () => {
    const { delay, look } = watched();

    for (let index = 0; index < 100; index += 1) look(0);

    expect(delay.ms).toBe(0);
  });

  it('nears what a lasting delay is, and is forgotten after it', () => {
    const { delay, look } = watched();

    for (let index = 0; index < 50; index += 1) look(100);
    expect(delay.ms).toBeGreaterThan(99);
    for (let index = 0; index < 50; index += 1) look(0);

    expect(delay.ms).toBeLessThan(1);
  });

  it('is an eighth of a single one', () => {
    const { delay, look } = watched();

    look(400);

    expect(delay.ms).toBe(50);
  });

  it('shows before the late timer has run', () => {
    const { clock, delay } = watched();

    clock.ms += 25 + 800;

    expect(delay.ms).toBe(100);
  });

  it('is of the real loop, too, and keeps no process alive', async () => {
    vi.useRealTimers();
    const delay = new LoopDelay();
    const until = performance.now() + 400;
    while (performance.now() < until) Math.sqrt(2);

    const inTheMiddle = delay.ms;
    await sleep(50);
    delay.stop();

    expect(inTheMiddle).toBeGreaterThan(40);
    expect(delay.ms).toBeGreaterThan(5);
  });
});
