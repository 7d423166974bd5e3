import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  currentContext,
  inThisContext,
  isInTransaction,
  regardlessOfDeadline,
  remainingMs,
  runInContext,
  runInTransaction,
} from './context.ts';

describe('the context', () => {
  afterEach(() => vi.useRealTimers());

  it('follows the work through its awaits and ends with it', async () => {
    const seen = await runInContext({ requestId: 'a' }, async () => {
      await wait(1);
      return currentContext()?.requestId;
    });

    expect(seen).toBe('a');
    expect(currentContext()).toBeUndefined();
  });

  it('is that of the call for what is put off', () => {
    const tell = runInContext({ requestId: 'a' }, () => inThisContext(() => seen.push(currentContext()?.requestId)));
    const nobody = inThisContext(() => seen.push(currentContext()?.requestId));
    const seen: (string | undefined)[] = [];

    runInContext({ requestId: 'b' }, tell);
    nobody();

    expect(seen).toEqual(['a', undefined]);
  });

  it('keeps racing requests apart', async () => {
    const ids = Array.from({ length: 50 }, (_, index) => `request-${index}`);

    const seen = await Promise.all(
      ids.map((requestId, index) =>
        runInContext({ requestId }, async () => {
          await wait(index % 5);
          return currentContext()?.requestId;
        }),
      ),
    );

    expect(seen).toEqual(ids);
  });

  it('leaves the outer context alone when another is opened inside', () => {
    const seen = runInContext({ requestId: 'outer' }, () => {
      const inner = runInContext({ requestId: 'inner' }, () => currentContext()?.requestId);
      return [inner, currentContext()?.requestId];
    });

    expect(seen).toEqual(['inner', 'outer']);
  });

  it('tells the time until the deadline, never less than none', () => {
    vi.useFakeTimers({ now: 1_000 });

    expect(remainingMs()).toBeUndefined();
    expect(runInContext({ requestId: 'a' }, remainingMs)).toBeUndefined();
    expect(runInContext({ requestId: 'a', deadline: 1_250 }, remainingMs)).toBe(250);
    expect(runInContext({ requestId: 'a', deadline: 900 }, remainingMs)).toBe(0);
  });

  it('knows of an open transaction in all that its work starts, and of none outside', async () => {
    const seen = await runInTransaction(async () => {
      await wait(1);
      return [isInTransaction(), runInContext({ requestId: 'a' }, isInTransaction)];
    });

    expect(seen).toEqual([true, true]);
    expect(isInTransaction()).toBe(false);
  });

  it('can be left without its deadline for what must be done in any case', () => {
    const seen = runInContext({ requestId: 'a', userId: 'u', deadline: 1, callsEndAt: 1 }, () => [
      regardlessOfDeadline(() => ({ ...currentContext(), left: remainingMs() })),
      remainingMs(),
    ]);

    expect(seen).toEqual([{ requestId: 'a', userId: 'u', left: undefined }, 0]);
    expect(regardlessOfDeadline(() => currentContext())).toEqual({ requestId: 'unknown' });
  });
});
