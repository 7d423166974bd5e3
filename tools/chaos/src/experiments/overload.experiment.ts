import type { Experiment, Trial } from '../experiment.ts';
import { pause } from '../schedule/pause.ts';
import type { Random } from '../schedule/random.ts';
import type { Outcome } from '../shop/recorder.ts';
import type { World } from '../world/world.ts';

const TIMES = 5;
const WARM_MS = 4_000;
const PEAK_MS = 8_000;
const OVER_MS = 12_000;
/** Enough to keep the platform busy, and no more. */
const WORKERS = 24;
const CHECKOUTS = 0.5;

/** One request: half of the visitors buy, the others look at something. Nobody repeats anything. */
async function visit({ people, shop, load }: World, random: Random): Promise<void> {
  const productId = random.pick(load.products);
  if (random.chance(CHECKOUTS)) {
    await people
      .customer()
      .purchase([{ productId, quantity: 1 }])
      .attempt();
    return;
  }
  const path = random.chance(0.5) ? `/v1/products/${productId}` : `/v1/products?limit=20&q=${random.integer(1, 1_000)}`;
  await shop.call({ action: 'browse', method: 'GET', path }, { statuses: [200] });
}

const isOk = ({ result }: Outcome) => result === 'ok';
const perSecond = (outcomes: readonly Outcome[], milliseconds: number) => (1_000 * outcomes.filter(isOk).length) / milliseconds;

/** As many as can be served: each comes when the one before has been served. Returns what was answered well in a second. */
async function peak(world: World, { random, signal }: Trial): Promise<number> {
  const endsAt = Date.now() + WARM_MS + PEAK_MS;
  const from = Date.now() + WARM_MS;
  const work = async () => {
    while (Date.now() < endsAt && !signal.aborted) await visit(world, random);
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  return perSecond(
    world.recorder.chapter.outcomes.filter(({ at }) => at >= from),
    PEAK_MS,
  );
}

/** They come whether or not others were served. */
async function crowd(world: World, rate: number, { random, signal }: Trial): Promise<Outcome[]> {
  const from = Date.now();
  const visits: Promise<void>[] = [];
  let next = performance.now();
  while (Date.now() - from < OVER_MS) {
    next += random.exponential(1_000 / rate);
    const wait = next - performance.now();
    if (wait > 1) await pause(wait, signal);
    visits.push(visit(world, random));
  }
  await Promise.all(visits);
  return world.recorder.chapter.outcomes.filter(({ at }) => at >= from);
}

export const overload: Experiment = {
  id: 'overload',
  title: `${TIMES} times as many visitors as can be served, half of whom buy: the platform goes on at its pace and refuses the rest at once`,
  group: 'load',
  trials: 1,
  platform: { links: 'none' },
  run: async (world, trial) => {
    const best = await peak(world, trial);
    trial.measure('peak', best, 'rps');
    trial.say(`${Math.round(best)} requests a second are answered well; ${Math.round(TIMES * best)} come now`);

    const outcomes = await crowd(world, TIMES * best, trial);
    // The first seconds show how the limits are found, the rest how they hold.
    trial.measure('offered', outcomes.length / (OVER_MS / 1_000), 'rps');
    trial.measure('goodput', (100 * perSecond(outcomes, OVER_MS)) / best, '%');
    const bought = outcomes.filter(({ action }) => action === 'checkout');
    trial.measure('purchases', perSecond(bought, OVER_MS), 'rps');
    for (const { status, durationMs } of outcomes) if (status === 503) trial.measure('refused', durationMs, 'ms');
  },
  limits: [
    { figure: 'goodput', statistic: 'min', atLeast: 80 },
    { figure: 'refused', statistic: 'p99', atMost: 50 },
  ],
};
