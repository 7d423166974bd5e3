import type { Admission, Ending } from '@emporium/admission';
import { AppError } from '@emporium/errors';
import type { RawResponse } from '@emporium/http-client';
import { describe, expect, it } from 'vitest';
import { ConcurrencyLimit, ConcurrencyLimits } from './concurrency.limits.ts';
import { scaledConcurrency, usualConcurrency } from './concurrency.ts';

/** A limit that tells how works ended. */
function limited(room = 1) {
  const endings: (Ending | undefined)[] = [];
  let busy = 0;
  const limit = {
    get full() {
      return busy >= room;
    },
    enter: (): Admission | undefined => {
      if (busy >= room) return undefined;
      busy += 1;
      return { since: 0 };
    },
    leave: (_: Admission, ending?: Ending) => {
      busy -= 1;
      endings.push(ending);
    },
  };
  return { calls: new ConcurrencyLimit(limit), endings };
}

const answer = (status: number): RawResponse => ({ status, headers: {}, body: Buffer.alloc(0) });
const fails = (kind: 'timeout' | 'unavailable') => () => Promise.reject(new AppError(kind, 'order-x', 'X.'));

describe('the calls of a class', () => {
  it.each([
    [200, 'served'],
    [404, 'served'],
    [503, 'refused'],
    [504, 'timed-out'],
  ])('that are answered %i count as %s', async (status, ending) => {
    const { calls, endings } = limited();

    await calls.call(async () => answer(status));

    expect(endings).toEqual([ending]);
  });

  it.each(['overloaded', 'checkout-busy', 'sign-in-busy'])('that are told %s count as busy', async (code) => {
    const { calls, endings } = limited();

    await calls.call(async () => ({ ...answer(503), body: Buffer.from(JSON.stringify({ code })) }));

    expect(endings).toEqual(['busy']);
  });

  it('that get no answer count as timed out or refused; a bug says nothing', async () => {
    const { calls, endings } = limited();

    await expect(calls.call(fails('timeout'))).rejects.toThrow('X.');
    await expect(calls.call(fails('unavailable'))).rejects.toThrow('X.');
    await expect(calls.call(() => Promise.reject(new Error('a bug')))).rejects.toThrow('a bug');

    expect(endings).toEqual(['timed-out', 'refused', undefined]);
  });

  it('take the place of what comes before them, which says nothing, and are refused without one', async () => {
    const { calls, endings } = limited();
    const done = Promise.withResolvers<void>();
    const before = calls.before(() => done.promise);

    expect(calls.full).toBe(true);
    await expect(calls.call(async () => answer(200))).rejects.toMatchObject({ code: 'overloaded', retryAfterSeconds: 1 });
    await expect(calls.before(async () => undefined)).rejects.toMatchObject({ code: 'overloaded' });
    done.resolve();
    await before;

    expect(endings).toEqual([undefined]);
    await calls.call(async () => answer(200));
  });
});

describe('the limits of calls', () => {
  it('are one for each class at each service', () => {
    const limits = new ConcurrencyLimits(() => usualConcurrency);

    expect(limits.of({ limit: 'account', upstream: 'order' })).toBe(limits.of({ limit: 'account', upstream: 'order' }));
    expect(limits.of({ limit: 'account', upstream: 'order' })).not.toBe(limits.of({ limit: 'account', upstream: 'user' }));
    expect(limits.of({ limit: 'account', upstream: 'order' })).not.toBe(limits.of({ limit: 'checkout', upstream: 'order' }));
  });
});

describe('the usual concurrency', () => {
  it('lets begin what it may come to, and leaves each class something', () => {
    for (const { min, start, max, targetMs } of Object.values(usualConcurrency)) {
      expect(min).toBeGreaterThanOrEqual(1);
      expect(start).toBeGreaterThanOrEqual(min);
      expect(max).toBeGreaterThanOrEqual(start);
      expect(targetMs).toBeLessThan(2_900);
    }
  });

  it('is scaled in numbers, not in time, and never down to nothing', () => {
    const { checkout } = usualConcurrency;

    expect(scaledConcurrency(usualConcurrency, 2).checkout).toEqual({
      min: 2 * checkout.min,
      start: 2 * checkout.start,
      max: 2 * checkout.max,
      targetMs: checkout.targetMs,
    });
    expect(scaledConcurrency(usualConcurrency, 0.01).admin).toMatchObject({ min: 1, start: 1, max: 1 });
  });
});
