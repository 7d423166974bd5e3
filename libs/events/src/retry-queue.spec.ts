import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { RetryQueue } from './retry-queue.ts';

const entry = (id: string, tries = 1) => ({ stream: 'shop.events', id, text: '', tries });

describe('the queue of second tries', () => {
  beforeEach(() => {
    vi.useFakeTimers({ now: 1_000_000 });
    vi.spyOn(Math, 'random').mockReturnValue(0.5);
  });
  afterEach(() => {
    vi.restoreAllMocks();
    vi.useRealTimers();
  });

  it('gives an entry back when its time has come, once', () => {
    const queue = new RetryQueue(100);
    queue.add({ entry: entry('1'), deferrals: 0 });

    expect([queue.size, queue.nextDueInMs(), queue.takeDue(10)]).toEqual([1, 100, []]);
    vi.advanceTimersByTime(100);

    expect([queue.nextDueInMs(), queue.has(entry('1'))]).toEqual([0, true]);
    expect(queue.takeDue(10)).toMatchObject([{ entry: { id: '1' }, deferrals: 0 }]);
    expect([queue.size, queue.nextDueInMs(), queue.has(entry('1'))]).toEqual([0, Number.POSITIVE_INFINITY, false]);
  });

  it('waits twice as long with every try and every deferral, up to its limit', () => {
    const waits = [1, 2, 3, 4, 50].map((tries) => {
      const queue = new RetryQueue(100, 600);
      queue.add({ entry: entry('1', tries), deferrals: 0 });
      return queue.nextDueInMs();
    });
    const deferred = new RetryQueue(100, 600);
    deferred.add({ entry: entry('1', 0), deferrals: 2 });

    expect(waits).toEqual([100, 200, 400, 600, 600]);
    expect(deferred.nextDueInMs()).toBe(200);
  });

  it('gives no more at once than asked for, and keeps the reason', () => {
    const queue = new RetryQueue(100);
    for (const id of ['1', '2', '3']) queue.add({ entry: entry(id), deferrals: 0, reason: `because ${id}` });
    vi.advanceTimersByTime(200);

    expect(queue.takeDue(2).map(({ reason }) => reason)).toEqual(['because 1', 'because 2']);
    expect(queue.entries.map(({ id }) => id)).toEqual(['3']);
  });
});
