import type { Experiment, Trial } from '../experiment.ts';
import { Observer } from '../load/observer.ts';
import { pause } from '../schedule/pause.ts';
import type { Random } from '../schedule/random.ts';
import type { Outcome } from '../shop/recorder.ts';
import { giveRightOfWay } from '../world/right-of-way.ts';
import type { World } from '../world/world.ts';

const TIMES = 5;
const WARM_MS = 4_000;
const STEP_MS = 5_000;
const OVER_MS = 15_000;
/** Customers at a time: the best of these is the peak. */
const STEPS = [24, 48, 96];
const CHECKOUTS = 0.5;
const MOST_LATE_MS = 100;

/** Answered well in a second: all of it, and the purchases among it. */
interface Rate {
  readonly all: number;
  readonly purchases: number;
}

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
  const path = random.chance(0.5) ? `/v1/products/${productId}` : `/v1/products?sort=price&minPrice=${random.integer(1, 10_000)}`;
  await shop.call({ action: 'browse', method: 'GET', path }, { statuses: [200] });
}

const isOk = ({ result }: Outcome) => result === 'ok';
const isPurchase = ({ action }: Outcome) => action === 'checkout';

function rateOf(outcomes: readonly Outcome[], milliseconds: number): Rate {
  const well = outcomes.filter(isOk);
  return { all: (1_000 * well.length) / milliseconds, purchases: (1_000 * well.filter(isPurchase).length) / milliseconds };
}

/** So many at a time: each comes when the one before has been served. */
async function served(world: World, workers: number, ms: number, { random, signal }: Trial): Promise<Rate> {
  const from = Date.now();
  const work = async () => {
    while (Date.now() - from < ms && !signal.aborted) await visit(world, random);
  };
  await Promise.all(Array.from({ length: workers }, work));
  return rateOf(
    world.recorder.chapter.outcomes.filter(({ at }) => at >= from),
    Date.now() - from,
  );
}

/** The most that is answered well, and the most purchases, with whatever number of customers at a time does best. */
async function peak(world: World, trial: Trial): Promise<Rate> {
  await served(world, STEPS[0] ?? 1, WARM_MS, trial);
  const best = { all: 0, purchases: 0 };
  for (const workers of STEPS) {
    const { all, purchases } = await served(world, workers, STEP_MS, trial);
    trial.say(
      `${workers} at a time: ${Math.round(all)} requests a second are answered well, ${Math.round(purchases)} of them purchases`,
    );
    best.all = Math.max(best.all, all);
    best.purchases = Math.max(best.purchases, purchases);
  }
  return best;
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
    // Whom the suite was too late to send does not come: all at once they would be another experiment.
    if (wait < -MOST_LATE_MS) next = performance.now();
    visits.push(visit(world, random));
  }
  await Promise.all(visits);
  return world.recorder.chapter.outcomes.filter(({ at }) => at >= from);
}

const OBSERVED_EVERY_MS = 25;
/** Enough that none of them is asked to slow down. */
const OBSERVERS = 100;

async function observe({ shop, people }: World): Promise<Observer> {
  const tokens = await Promise.all(Array.from({ length: OBSERVERS }, async () => people.customer().person.token()));
  return new Observer({ url: shop.url, tokens, everyMs: OBSERVED_EVERY_MS });
}

export const overload: Experiment = {
  id: 'overload',
  title: `${TIMES} times as many visitors as can be served, half of whom buy: the platform goes on at its pace and refuses the rest at once`,
  group: 'load',
  trials: 1,
  platform: { links: 'none' },
  run: async (world, trial) => {
    await giveRightOfWay(world.platform, ['gateway', 'redis'], trial.signal);
    const best = await peak(world, trial);
    trial.measure('peak', best.all, 'rps');
    trial.measure('peak of purchases', best.purchases, 'rps');
    trial.say(`${Math.round(TIMES * best.all)} come now in each second`);

    const observer = await observe(world);
    const outcomes = await crowd(world, TIMES * best.all, trial);
    const observed = await observer.stop();
    // The first seconds show how the limits are found, the rest how they hold.
    const under = rateOf(outcomes, OVER_MS);
    trial.measure('offered', outcomes.length / (OVER_MS / 1_000), 'rps');
    trial.measure('goodput', (100 * under.all) / best.all, '%');
    trial.measure('goodput of purchases', (100 * under.purchases) / best.purchases, '%');
    for (const { code, ms } of observed) if (code === 'overloaded') trial.measure('refused at the door', ms, 'ms');
    for (const { status, code, durationMs } of outcomes) {
      if (status !== 503) continue;
      trial.measure(code === 'checkout-busy' ? 'refused in line' : 'refused, as the crowd sees it', durationMs, 'ms');
    }
  },
  limits: [
    { figure: 'goodput', statistic: 'min', atLeast: 80 },
    { figure: 'refused at the door', statistic: 'p99', atMost: 50 },
    { figure: 'refused in line', statistic: 'max', atMost: 3_000 },
  ],
};
