import { describe, expect, it } from 'vitest';
import { conduct } from './conduct.ts';
import type { Experiment } from './experiment.ts';
import { Random } from './schedule/random.ts';
import { Recorder } from './shop/recorder.ts';
import type { World } from './world/world.ts';

/** A world without a platform: it notes what is done to it, and its books are empty. */
function emptyWorld(more: object = {}) {
  const done: string[] = [];
  const none = async () => [];
  const world = {
    recorder: new Recorder(),
    people: { renew: async () => undefined },
    load: { reseed: () => undefined, stop: async () => void done.push('load stopped') },
    heal: async () => done.push('healed'),
    books: { unfinished: none, endedOrders: none, orders: none, payments: none, ledger: none, stock: none },
    witness: { charges: () => [], forgetEvents: () => undefined },
    goods: { put: new Map() },
    ...more,
  };
  return { world: world as unknown as World, done };
}

const experiment = (run: Experiment['run'], more: Partial<Experiment> = {}): Experiment => ({
  id: 'made-up',
  title: 'made up',
  group: 'load',
  trials: 1,
  run,
  ...more,
});
const options = (trials = 1, signal = new AbortController().signal) => ({
  trials,
  random: new Random('1'),
  signal,
  say: () => undefined,
});
const placesOf = ({ violations }: Awaited<ReturnType<typeof conduct>>) => violations.flatMap(({ places }) => places);

describe('an experiment', () => {
  it('runs its trials, then the load ends, everything is healed and looked at', async () => {
    const { world, done } = emptyWorld();
    const run: Experiment['run'] = async (_, { number, of, measure }) => {
      done.push(`trial ${number} of ${of}`);
      measure('recovery', number, 'ms');
    };

    const result = await conduct(experiment(run), world, options(2));

    expect(done).toEqual(['trial 1 of 2', 'trial 2 of 2', 'healed', 'load stopped']);
    expect(result).toMatchObject({ id: 'made-up', trials: 2, held: true, violations: [] });
    expect(result.figures.find(({ name }) => name === 'recovery')?.samples).toEqual([1, 2]);
  });

  it('draws the same in each trial, and in the trials that share a stream, whatever ran before', async () => {
    const drawn: number[][] = [[], []];
    const run =
      (list: number[] | undefined): Experiment['run'] =>
      async (_, { random, shared }) =>
        void list?.push(random.next(), shared.next());

    await conduct(experiment(run(drawn[0])), emptyWorld().world, options(3));
    await conduct(experiment(run(drawn[1])), emptyWorld().world, options(3));

    expect(drawn[0]).toEqual(drawn[1]);
    expect(new Set(drawn[0]).size).toBe(4); // three streams of their own, and one that is the same each time
  });

  it.each<[string, Partial<Experiment>, Experiment['run'], RegExp]>([
    ['says so itself', {}, async (_, { breach }) => breach('9 pieces were sold, and there were 8'), /9 pieces were sold/],
    ['throws', {}, async () => Promise.reject(new Error('no such link')), /no such link/],
    ['fails later', {}, async (_, { later }) => later(Promise.reject(new Error('never confirmed'))), /never confirmed/],
    [
      'goes beyond a limit',
      { limits: [{ figure: 'recovery', statistic: 'max', atMost: 5 }] },
      async (_, { measure }) => measure('recovery', 6, 'ms'),
      /recovery max is 6 ms/,
    ],
    [
      'never measures',
      { limits: [{ figure: 'recovery', statistic: 'max', atMost: 5 }] },
      async () => undefined,
      /never measured/,
    ],
  ])('does not hold when it %s', async (_, more, run, words) => {
    const result = await conduct(experiment(run, more), emptyWorld().world, options());

    expect(result.held).toBe(false);
    expect(placesOf(result).join()).toMatch(words);
  });

  it('does not hold when the platform cannot be healed, or does not come to rest', async () => {
    const lost = emptyWorld({ heal: async () => Promise.reject(new Error('not ready after 60 s')) });
    const restless = emptyWorld();
    restless.world.books.unfinished = async () => ['3 pending orders'];

    const results = [
      await conduct(
        experiment(async () => undefined),
        lost.world,
        options(),
      ),
      await conduct(
        experiment(async () => undefined),
        restless.world,
        { ...options(), patienceMs: 0 },
      ),
    ];

    expect(results.map(({ held }) => held)).toEqual([false, false]);
    expect(results.map((result) => placesOf(result)[0])).toEqual([
      expect.stringContaining('not ready after 60 s'),
      expect.stringContaining('3 pending orders'),
    ]);
  });

  it('ends at once when the run is ended', async () => {
    const ending = new AbortController();
    const { world, done } = emptyWorld();
    const run: Experiment['run'] = async () => {
      done.push('trial');
      ending.abort(new Error('stopped'));
    };

    await expect(conduct(experiment(run), world, options(5, ending.signal))).rejects.toThrow('stopped');

    expect(done).toEqual(['trial']);
  });
});
