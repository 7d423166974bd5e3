import type { Experiment, Limit, Trial } from '../experiment.ts';
import { pause, until } from '../schedule/pause.ts';
import type { Outcome } from '../shop/recorder.ts';
import type { World } from '../world/world.ts';

interface Outage {
  readonly id: string;
  readonly title: string;
  readonly lastsMs: number;
  readonly trials: number;
  readonly smoke?: number;
  readonly limits: readonly Limit[];
  /** Takes the store away. */
  readonly begin: (world: World, trial: Trial) => unknown;
  /** Gives it back. */
  readonly end: (world: World, trial: Trial) => unknown;
}

const RATE = 30;
const WARM_MS = 2_000;
const PATIENCE_MS = 30_000;

/** A store is taken away under load, and given back: what was answered meanwhile, and when a purchase goes through again. */
export function storeOutage({ id, title, lastsMs, trials, smoke, limits, begin, end }: Outage): Experiment {
  return {
    id,
    title,
    group: 'stores',
    trials,
    ...(smoke !== undefined && { smoke }),
    limits,
    run: async (world, trial) => {
      world.load.start({ rate: RATE });
      await pause(WARM_MS, trial.signal);

      const from = Date.now();
      await begin(world, trial);
      await pause(lastsMs, trial.signal);
      const to = Date.now();
      await end(world, trial);

      const customer = world.people.customer();
      const productId = trial.random.pick(world.load.products);
      const buys = async () => (await customer.purchase([{ productId, quantity: 1 }]).attempt()).status === 201;
      const backMs = await until(buys, { patienceMs: PATIENCE_MS, signal: trial.signal });
      if (backMs === undefined) trial.breach(`no purchase goes through ${PATIENCE_MS / 1_000} s after the store is back`);
      else trial.measure('back', backMs, 'ms');
      await world.load.stop();
      measureOutage(
        trial,
        world.recorder.chapter.outcomes.filter(({ at }) => at >= from && at < to),
      );
    },
  };
}

const BROWSE = new Set(['list', 'search', 'product', 'categories']);

function measureOutage(trial: Trial, during: readonly Outcome[]): void {
  for (const { status, durationMs } of during) if (status === 503 || status === 504) trial.measure('refused', durationMs, 'ms');
  const checkouts = during.filter(({ action }) => action === 'checkout');
  trial.measure('purchases', checkouts.length, 'requests');
  trial.measure('purchases refused', checkouts.filter(({ result }) => result !== 'ok').length, 'requests');
  const browsing = during.filter(({ action }) => BROWSE.has(action));
  trial.measure('browsing served', (100 * browsing.filter(({ result }) => result === 'ok').length) / browsing.length, '%');
}
