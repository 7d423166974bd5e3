import { describe, expect, it } from 'vitest';
import { AdaptiveLimit, type AdaptiveLimitSettings, type Admission, type Ending } from './adaptive-limit.ts';

const usual: AdaptiveLimitSettings = { min: 4, start: 40, max: 100, targetMs: 200 };

/** A limit with a clock that only the spec moves. */
function limited(given: Partial<AdaptiveLimitSettings> = {}) {
  const settings = { ...usual, ...given };
  const clock = { ms: 0 };
  const told: number[] = [];
  const limit = new AdaptiveLimit(
    () => settings,
    () => clock.ms,
    (value) => told.push(value),
  );
  const fill = (): Admission[] => {
    const admitted: Admission[] = [];
    for (let work = limit.enter(); work !== undefined; work = limit.enter()) admitted.push(work);
    return admitted;
  };
  /** One crowd as large as the limit allows, which takes so long. */
  const crowd = (tookMs: number, ending: Ending = 'served'): number => {
    const works = fill();
    clock.ms += tookMs;
    for (const work of works) limit.leave(work, ending);
    return works.length;
  };
  const rest = (ms: number) => {
    clock.ms += ms;
    return limit.full;
  };
  return { limit, clock, settings, told, fill, crowd, rest };
}

describe('an adaptive limit', () => {
  it('lets in as many as its start says, refuses the next at once, and lets one in for each that left', () => {
    const { limit, fill } = limited();

    const works = fill();

    expect(works).toHaveLength(40);
    expect([limit.full, limit.inFlight, limit.enter()]).toEqual([true, 40, undefined]);
    for (const work of works.slice(0, 3)) limit.leave(work, 'served');
    expect([limit.full, fill().length]).toEqual([false, 3]);
  });

  it('grows by one a window while it is used and works are on time, up to its maximum', () => {
    const { limit, crowd } = limited({ max: 45 });

    const sizes = Array.from({ length: 8 }, () => crowd(100));

    expect(sizes).toEqual([40, 41, 42, 43, 44, 45, 45, 45]);
    expect(limit.limit).toBe(45);
  });

  it('does not grow beyond its start when hardly anybody comes: nothing is known of larger crowds', () => {
    const { limit, clock } = limited();

    for (let index = 0; index < 50; index += 1) {
      const work = limit.enter();
      clock.ms += 100;
      if (work !== undefined) limit.leave(work, 'served');
    }

    expect(limit.limit).toBe(40);
  });

  it.each([
    [220, 36],
    [300, 26],
    [400, 20],
    [4_000, 20],
  ])('is cut in proportion when works take %i ms instead of 200, by half at most', (tookMs, after) => {
    const { limit, crowd } = limited();

    crowd(tookMs);

    expect(limit.limit).toBe(after);
  });

  it('bears one late work of ten', () => {
    const { limit, fill, clock, rest } = limited();

    const works = fill();
    const slow = works.splice(0, 4);
    clock.ms += 10;
    for (const work of works) limit.leave(work, 'served');
    expect(limit.limit).toBe(40);
    clock.ms += 80;
    for (const work of slow) limit.leave(work, 'timed-out');
    rest(100);

    expect(limit.limit).toBe(41);
  });

  it('is cut once for works that were let in together, whenever they end', () => {
    const { limit, fill, clock } = limited();
    const works = fill();

    for (const work of works) {
      clock.ms += 250;
      limit.leave(work, 'served');
    }

    expect(limit.limit).toBeGreaterThanOrEqual(20);
  });

  it('never falls below its minimum', () => {
    const { limit, crowd } = limited();

    for (let index = 0; index < 20; index += 1) crowd(5_000, 'timed-out');

    expect(limit.limit).toBe(4);
    expect(crowd(5_000)).toBe(4);
  });

  it('takes a time-out for late, however soon it comes', () => {
    const { limit, crowd } = limited();

    crowd(100, 'timed-out');

    expect(limit.limit).toBe(36);
  });

  it('learns nothing from quick refusals, and that it is too high from refusals that took long', () => {
    const quick = limited();
    const slow = limited();

    quick.crowd(100, 'refused');
    slow.crowd(400, 'refused');

    expect([quick.limit.limit, slow.limit.limit]).toEqual([40, 20]);
  });

  it('learns nothing from works that left without an ending', () => {
    const { limit, fill, clock, rest } = limited();

    const works = fill();
    clock.ms += 4_000;
    for (const work of works) limit.leave(work);
    rest(50);

    expect(limit.limit).toBe(40);
    expect(limit.inFlight).toBe(0);
  });

  it('comes back to its start when nothing is late, also when nobody comes', () => {
    const { limit, crowd, rest } = limited();
    for (let index = 0; index < 20; index += 1) crowd(5_000);
    rest(1_000);
    expect(limit.limit).toBe(4);

    rest(1_000);
    expect(limit.limit).toBe(14);
    rest(60_000);

    expect(limit.limit).toBe(40);
  });

  it('does not come back while it is used up and nothing ends: an upstream that hangs is not a quiet one', () => {
    const { limit, crowd, fill, rest } = limited();
    for (let index = 0; index < 20; index += 1) crowd(5_000);

    fill();
    for (let second = 0; second < 60; second += 1) rest(1_000);

    expect(limit.limit).toBe(4);
  });

  it('finds what a server can do in time: 100 at once take as long as they are many', () => {
    const { limit, crowd } = limited({ start: 100 });

    // Each work in flight costs 10 ms of one server, so 20 take the 200 ms they may take.
    const sizes = Array.from({ length: 200 }, () => crowd(limit.limit * 10)).slice(20);

    expect(Math.min(...sizes)).toBeGreaterThanOrEqual(15);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(25);
  });

  it('heeds settings that change while it works', () => {
    const { limit, settings, crowd } = limited();

    Object.assign(settings, { max: 10 });
    expect(limit.limit).toBe(10);
    Object.assign(settings, { min: 8, targetMs: 50 });
    crowd(100);

    expect(limit.limit).toBe(8);
  });

  it('tells every change, and only changes', () => {
    const { told, crowd, rest } = limited({ max: 41 });

    crowd(100);
    crowd(100);
    crowd(400);
    rest(100);

    expect(told).toEqual([40, 41, 20]);
  });
});
