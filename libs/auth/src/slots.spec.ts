import { describe, expect, it } from 'vitest';
import { Slots } from './slots.ts';

const refusal = () => new Error('full');

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
    const slots = new Slots(3, 100, refusal);

    const results = Promise.all(Array.from({ length: 20 }, (_, id) => slots.run(work(id))));

    expect(await endAll(results)).toEqual(Array.from({ length: 20 }, (_, id) => id));
    expect(seen.started).toEqual(Array.from({ length: 20 }, (_, id) => id));
    expect(seen.most).toBe(3);
  });

  it('refuse at once whoever finds the line full, and nobody else', async () => {
    const { seen, work, endAll } = bench();
    const slots = new Slots(2, 3, refusal);

    const outcomes = Promise.allSettled(Array.from({ length: 9 }, (_, id) => slots.run(work(id))));

    expect((await endAll(outcomes)).map(({ status }) => status)).toEqual([
      ...Array(5).fill('fulfilled'),
      ...Array(4).fill('rejected'),
    ]);
    expect(seen.started).toHaveLength(5);
  });

  it('are free again after works that failed', async () => {
    const slots = new Slots(1, 0, refusal);

    for (const _attempt of [1, 2, 3])
      await expect(slots.run(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken');

    await expect(slots.run(async () => 'fine')).resolves.toBe('fine');
  });

  it('pass to the next in line, not to a newcomer', async () => {
    const { seen, work, endAll } = bench();
    const slots = new Slots(1, 10, refusal);
    const first = slots.run(work(1));
    const second = slots.run(work(2));

    await endAll(first);
    const newcomer = slots.run(work(3));
    await endAll(Promise.all([second, newcomer]));

    expect(seen.started).toEqual([1, 2, 3]);
    expect(seen.most).toBe(1);
  });
});
