import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Slots } from './slots.ts';

const slotsOf = (size: number, maxWaiting: number) =>
  new Slots({ size, maxWaiting, full: () => new Error('full'), late: () => new Error('late') });

/** Works that end when told, and count how many ran at the same time. */
const bench = () => {
  const ends: (() => void)[] = [];
  const seen = { running: 0, most: 0, started: [] as number[] };
  const work = (id: number) => async () => {
    seen.running += 1;
    seen.most = Math.max(seen.most, seen.running);
    seen.started.push(id);
    await new Promise<void>((resolve) => ends.push(resolve));
    seen.running -= 1;
    return id;
  };
  const endAll = async <Result>(all: Promise<Result>): Promise<Result> => {
    let settled = false;
    const watched = all.finally(() => {
      settled = true;
    });
    while (!settled) {
      for (const end of ends.splice(0)) end();
      await new Promise(setImmediate);
    }
    return watched;
  };
  return { seen, work, endAll, ends };
};

describe('slots', () => {
  it('let only so many of twenty racers work at a time, each once and in turn', async () => {
    const { seen, work, endAll } = bench();
    const slots = slotsOf(3, 100);

    const results = Promise.all(Array.from({ length: 20 }, (_, id) => slots.run(work(id))));

    expect(await endAll(results)).toEqual(Array.from({ length: 20 }, (_, id) => id));
    expect(seen.started).toEqual(Array.from({ length: 20 }, (_, id) => id));
    expect(seen.most).toBe(3);
  });

  it('refuse at once whoever finds the line full, and nobody else', async () => {
    const { seen, work, endAll } = bench();
    const slots = slotsOf(2, 3);

    const outcomes = Promise.allSettled(Array.from({ length: 9 }, (_, id) => slots.run(work(id))));

    expect((await endAll(outcomes)).map(({ status }) => status)).toEqual([
      ...Array(5).fill('fulfilled'),
      ...Array(4).fill('rejected'),
    ]);
    expect(seen.started).toHaveLength(5);
  });

  it('are free again after works that failed', async () => {
    const slots = slotsOf(1, 0);

    for (const _attempt of [1, 2, 3])
      await expect(slots.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');

    await expect(slots.run(async () => 'fine')).resolves.toBe('fine');
  });

  it('pass to the next in line, not to a newcomer', async () => {
    const { seen, work, endAll } = bench();
    const slots = slotsOf(1, 10);
    const first = slots.run(work(1));
    const second = slots.run(work(2));

    await endAll(first);
    const newcomer = slots.run(work(3));
    await endAll(Promise.all([second, newcomer]));

    expect(seen.started).toEqual([1, 2, 3]);
    expect(seen.most).toBe(1);
  });
});

describe('slots whose number changes', () => {
  const changing = (size: number, maxWaiting = 100) => {
    const options = { size, maxWaiting, full: () => new Error('full'), late: () => new Error('late') };
    return { options, slots: new Slots(options) };
  };
  const tick = () => new Promise(setImmediate);
  const runs = (slots: Slots, work: (id: number) => () => Promise<number>, ids: number[]) => ids.map((id) => slots.run(work(id)));

  it('let the line in, in turn, with the next that comes or leaves after it was raised', async () => {
    const { seen, work, endAll } = bench();
    const { options, slots } = changing(1);
    const waiting = runs(slots, work, [0, 1, 2, 3]);
    await tick();
    expect(seen.started).toEqual([0]);

    options.size = 3;
    const newcomer = slots.run(work(4));
    await tick();

    expect(seen.started).toEqual([0, 1, 2]);
    expect(await endAll(Promise.all([...waiting, newcomer]))).toEqual([0, 1, 2, 3, 4]);
    expect(seen.started).toEqual([0, 1, 2, 3, 4]);
    expect(seen.most).toBe(3);
  });

  it('make room in a full line when they become more', async () => {
    const { seen, work, endAll } = bench();
    const { options, slots } = changing(1, 1);
    const first = runs(slots, work, [0, 1]);

    options.size = 2;
    const all = Promise.all([...first, slots.run(work(2))]);

    expect(await endAll(all)).toEqual([0, 1, 2]);
    expect(seen.most).toBe(2);
  });

  it('take nobody in while more work than a lowered number allows', async () => {
    const { seen, work, ends, endAll } = bench();
    const { options, slots } = changing(4);
    const all = runs(slots, work, [0, 1, 2, 3, 4, 5, 6]);
    await tick();
    expect(seen.running).toBe(4);

    options.size = 2;
    for (const still of [3, 2, 2]) {
      ends.shift()?.();
      await tick();
      expect(seen.running).toBe(still);
    }

    expect(await endAll(Promise.all(all))).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('never are more than the largest number there was, whatever the crowd and the changes', async () => {
    const { seen, work, endAll } = bench();
    const { options, slots } = changing(5);
    const all: Promise<number>[] = [];
    for (let id = 0; id < 100; id += 1) {
      options.size = (id % 5) + 1;
      all.push(slots.run(work(id)));
    }

    expect(await endAll(Promise.all(all))).toHaveLength(100);
    expect(seen.most).toBeLessThanOrEqual(5);
    expect(seen.running).toBe(0);
    await expect(slots.run(async () => 'fine')).resolves.toBe('fine');
  });

  it('refuse at a shorter line from then on, and leave those in it alone', async () => {
    const { work, endAll } = bench();
    const { options, slots } = changing(1, 3);
    const accepted = runs(slots, work, [0, 1, 2, 3]);

    options.maxWaiting = 1;
    const refused = slots.run(work(4));

    await expect(refused).rejects.toThrow('full');
    expect(await endAll(Promise.all(accepted))).toEqual([0, 1, 2, 3]);
  });
});

describe('a deadline', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  const withClock = () => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
  const tick = () => new Promise(setImmediate);
  const reasons = async (runs: Promise<unknown>[]) =>
    (await Promise.allSettled(runs)).map((run) => (run.status === 'rejected' ? run.reason.message : 'done'));

  it('takes whoever it passes out of the line at once, and makes room there', async () => {
    withClock();
    const { seen, work, endAll } = bench();
    const slots = slotsOf(1, 2);
    const first = slots.run(work(1));
    const hurried = slots.run(work(2), Date.now() + 100);
    const patient = slots.run(work(3), Date.now() + 200);

    vi.advanceTimersByTime(100);
    await expect(hurried).rejects.toThrow('late');
    const newcomer = slots.run(work(4));
    await endAll(Promise.all([first, patient, newcomer]));

    expect(seen.started).toEqual([1, 3, 4]);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('that has passed already is told so even when nobody is in line', async () => {
    const { seen, work } = bench();

    await expect(slotsOf(1, 1).run(work(1), Date.now())).rejects.toThrow('late');

    expect(seen.started).toEqual([]);
  });

  it('is looked at again when it is the turn of somebody whose timer is late', async () => {
    withClock();
    const { seen, work, ends } = bench();
    const slots = slotsOf(1, 10);
    const runs = [slots.run(work(1)), slots.run(work(2), Date.now() + 100), slots.run(work(3), Date.now() + 100)];
    const outcome = reasons(runs);

    vi.setSystemTime(Date.now() + 150);
    await tick();
    ends[0]?.();

    expect(await outcome).toEqual(['done', 'late', 'late']);
    expect(seen.started).toEqual([1]);
    const after = slots.run(work(4));
    await tick();
    ends[1]?.();
    expect(await after).toBe(4);
  });

  it('does not cut short what has begun, and may be years away', async () => {
    withClock();
    const { work, ends } = bench();
    const slots = slotsOf(1, 1);
    const begun = slots.run(work(1), Date.now() + 100);
    const patient = slots.run(work(2), Date.now() + 100 * 365 * 86_400_000);

    vi.advanceTimersByTime(60_000);
    await tick();
    ends[0]?.();

    expect(await begun).toBe(1);
    await tick();
    ends[1]?.();
    expect(await patient).toBe(2);
  });

  describe('with a line', () => {
    const late = new Error('late');
    const takes = (ms: number) => () => new Promise<void>((resolve) => setTimeout(resolve, ms));
    const inMs = (ms: number) => Date.now() + ms;

    beforeEach(() => void vi.useFakeTimers());
    afterEach(() => void vi.useRealTimers());

    /** Two at a time, 100 ms each, ten in line, and two have ended. */
    async function busy() {
      const slots = slotsOf(2, 100);
      const crowd = Promise.all(Array.from({ length: 14 }, () => slots.run(takes(100))));
      await vi.advanceTimersByTimeAsync(101);
      return { slots, crowd };
    }

    it('tell whoever would be out of time before his turn at once', async () => {
      const { slots } = await busy();
      const refusedAt = slots.run(takes(100), inMs(500)).catch((error: unknown) => ({ error, at: Date.now() }));
      const now = Date.now();
      const served = slots.run(takes(100), inMs(600));

      expect(await refusedAt).toEqual({ error: late, at: now });
      await vi.advanceTimersByTimeAsync(1_000);
      await expect(served).resolves.toBeUndefined();
    });

    it('let a crowd in of which nothing is known yet', async () => {
      const slots = slotsOf(2, 100);
      const crowd = Array.from({ length: 50 }, () => slots.run(takes(100), inMs(500)));
      const outcomes = Promise.allSettled(crowd);
      await vi.advanceTimersByTimeAsync(1_000);

      expect((await outcomes).filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
    });

    it('forget how long works took when nobody waits any more', async () => {
      const { slots, crowd } = await busy();
      await vi.advanceTimersByTimeAsync(1_000);
      await crowd;

      const next = Promise.allSettled(Array.from({ length: 14 }, () => slots.run(takes(10), inMs(80))));
      await vi.advanceTimersByTimeAsync(1_000);

      expect((await next).filter(({ status }) => status === 'rejected')).toEqual([]);
    });
  });
});
