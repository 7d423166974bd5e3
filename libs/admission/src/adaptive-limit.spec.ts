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
  const fill = (most = Number.POSITIVE_INFINITY): Admission[] => {
    const admitted: Admission[] = [];
    while (admitted.length < most) {
      const work = limit.enter();
      if (work === undefined) break;
      admitted.push(work);
    }
    return admitted;
  };
  const rest = (ms: number) => {
    clock.ms += ms;
    return limit.full;
  };
  /** As many works as there is room for, or as are wanted, that all take so long. */
  const crowd = (tookMs: number, { ending = 'served', most }: { ending?: Ending; most?: number } = {}): number => {
    const works = fill(most);
    clock.ms += tookMs;
    for (const work of works) limit.leave(work, ending);
    rest(0);
    return works.length;
  };
  return { limit, clock, settings, told, fill, crowd, rest };
}

/** A server that does one work after the other, asked at a steady rate. Counts what becomes of the works of each second. */
function shop(limit: AdaptiveLimit, clock: { ms: number }, targetMs: number) {
  const line: Admission[] = [];
  let begun = Number.NEGATIVE_INFINITY;
  return {
    run: ({ seconds, everyMs, workMs }: { seconds: number; everyMs: number; workMs: number }) => {
      const counts = { onTime: 0, late: 0, refused: 0 };
      for (let ms = 0; ms < seconds * 1_000; ms += 1) {
        clock.ms += 1;
        if (line[0] !== undefined && clock.ms - Math.max(begun, line[0].since) >= workMs) {
          const work = line.shift() as Admission;
          counts[clock.ms - work.since <= targetMs ? 'onTime' : 'late'] += 1;
          limit.leave(work, 'served');
          begun = clock.ms;
        }
        if (clock.ms % everyMs !== 0) continue;
        const work = limit.full ? undefined : limit.enter();
        if (work === undefined) counts.refused += 1;
        else line.push(work);
      }
      return counts;
    },
  };
}

describe('an adaptive limit', () => {
  it('comes down when told that the upstream is busy, however quickly and however small the crowd, and not below what is done', () => {
    const { limit, crowd, rest } = limited({ start: 100 });

    crowd(50, { ending: 'busy', most: 10 });
    rest(100);
    expect(limit.limit).toBe(25);
    crowd(150, { ending: 'busy', most: 10 });
    expect(limit.limit).toBe(6);
  });

  it('takes no notice of one that is told so among many that are served', () => {
    const { limit, fill, clock, rest } = limited();
    const works = fill();
    clock.ms += 100;
    for (const [index, work] of works.entries()) limit.leave(work, index === 0 ? 'busy' : 'served');
    rest(0);

    expect(limit.limit).toBeGreaterThanOrEqual(40);
  });

  it('lets in as many as its start says, refuses the next at once, and lets one in for each that left', () => {
    const { limit, fill } = limited();

    const works = fill();

    expect(works).toHaveLength(40);
    expect([limit.full, limit.inFlight, limit.enter()]).toEqual([true, 40, undefined]);
    for (const work of works.slice(0, 3)) limit.leave(work, 'served');
    expect([limit.full, fill().length]).toEqual([false, 3]);
  });

  it('grows by a quarter in the target time while it is used and works are on time, up to its maximum', () => {
    const { crowd, limit } = limited({ max: 60 });

    const sizes = Array.from({ length: 6 }, () => crowd(100));

    expect(sizes).toEqual([40, 45, 50, 56, 60, 60]);
    expect(limit.limit).toBe(60);
  });

  it('grows by one at least', () => {
    const { crowd } = limited({ start: 10, targetMs: 10_000 });

    expect(Array.from({ length: 4 }, () => crowd(100))).toEqual([10, 11, 12, 13]);
  });

  it('does not grow beyond its start when hardly anybody comes: nothing is known of larger crowds', () => {
    const { limit, crowd } = limited();

    for (let index = 0; index < 50; index += 1) crowd(100, { most: 19 });

    expect(limit.limit).toBe(40);
  });

  it.each([
    ['a little', 210, 36],
    ['far', 4_000, 10],
  ])('is cut when works are %s too late, by a tenth at least and to a quarter at most', (_how, tookMs, after) => {
    const { limit, crowd } = limited();

    crowd(tookMs);

    expect(limit.limit).toBe(after);
  });

  it('finds what a server can do in time, is never idle, and refuses the rest at once', () => {
    const { limit, clock } = limited({ start: 100 });
    const { run } = shop(limit, clock, 2 * usual.targetMs);
    run({ seconds: 3, everyMs: 2, workMs: 10 });

    // 100 a second can be done, so 20 at a time are done within 200 ms; 500 a second come.
    const { onTime, late, refused } = run({ seconds: 20, everyMs: 2, workMs: 10 });

    expect(onTime + late).toBeGreaterThan(1_980);
    expect(late).toBe(0);
    expect(refused).toBeGreaterThan(7_900);
    expect(limit.limit).toBeGreaterThanOrEqual(15);
    expect(limit.limit).toBeLessThanOrEqual(40);
  });

  it('has corrected a start that was far too high as soon as the first crowd is served', () => {
    const { limit, clock } = limited({ start: 100 });
    const { run } = shop(limit, clock, usual.targetMs);

    run({ seconds: 1, everyMs: 2, workMs: 10 });

    expect(limit.limit).toBeLessThan(30);
  });

  it('follows a server that becomes quicker', () => {
    const { limit, clock } = limited();
    const { run } = shop(limit, clock, 2 * usual.targetMs);
    run({ seconds: 10, everyMs: 2, workMs: 20 });
    const slow = limit.limit;

    run({ seconds: 10, everyMs: 2, workMs: 4 });

    expect(slow).toBeLessThan(25);
    expect(limit.limit).toBeGreaterThan(40);
  });

  it('refuses nobody while the server keeps up', () => {
    const { limit, clock } = limited();

    expect(shop(limit, clock, usual.targetMs).run({ seconds: 20, everyMs: 12, workMs: 10 }).refused).toBe(0);
  });

  it('bears one late work of ten', () => {
    const { limit, fill, clock, rest } = limited({ max: 40 });

    const works = fill();
    const slow = works.splice(0, 4);
    clock.ms += 10;
    for (const work of works) limit.leave(work, 'served');
    clock.ms += 80;
    for (const work of slow) limit.leave(work, 'timed-out');
    rest(100);

    expect(limit.limit).toBe(40);
  });

  it('is not judged by a crowd that did not use half of it: a smaller limit would not have helped', () => {
    const { limit, crowd, rest } = limited();

    crowd(3_000, { ending: 'timed-out', most: 19 });
    rest(1_000);

    expect(limit.limit).toBe(40);
  });

  it('does not wait for the end of works to see that they are late', () => {
    const { limit, fill, rest } = limited({ start: 80 });
    const works = fill(60);

    rest(200);
    expect(limit.limit).toBe(80);
    rest(1);
    expect(limit.limit).toBe(20);
    rest(1_000);
    expect(limit.limit).toBe(20);
    for (const work of works) limit.leave(work, 'served');
    rest(100);
    expect(limit.limit).toBeGreaterThanOrEqual(20);
  });

  it('is cut once for works that were let in together, whenever they end', () => {
    const { limit, fill, rest } = limited();
    const works = fill();

    for (const work of works) {
      rest(250);
      limit.leave(work, 'timed-out');
    }

    expect(limit.limit).toBeGreaterThanOrEqual(10);
  });

  it('never falls below its minimum', () => {
    const { limit, crowd } = limited();

    for (let index = 0; index < 20; index += 1) crowd(5_000, { ending: 'timed-out' });

    expect(limit.limit).toBe(4);
    expect(crowd(5_000)).toBe(4);
  });

  it('takes a time-out for late, however soon it comes', () => {
    const { limit, crowd } = limited();

    crowd(100, { ending: 'timed-out' });

    expect(limit.limit).toBe(36);
  });

  it('learns nothing from quick refusals, and that it is too high from refusals that took long', () => {
    const quick = limited();
    const slow = limited();

    quick.crowd(100, { ending: 'refused' });
    slow.crowd(400, { ending: 'refused' });

    expect(quick.limit.limit).toBe(40);
    expect(slow.limit.limit).toBeLessThan(40);
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

  it('heeds settings that change while it works', () => {
    const { limit, settings, crowd } = limited();

    Object.assign(settings, { max: 10 });
    expect(limit.limit).toBe(10);
    Object.assign(settings, { min: 8, targetMs: 50 });
    crowd(100);

    expect(limit.limit).toBe(8);
  });

  it('tells every change, and only changes', () => {
    const { told, crowd } = limited({ max: 41 });

    crowd(100);
    crowd(100);
    crowd(4_000);

    expect(told).toEqual([40, 41, 10]);
  });
});
