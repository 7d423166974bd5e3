import { sql } from '@emporium/postgres';
import type { Experiment } from '../experiment.ts';
import { until } from '../schedule/pause.ts';
import { pendingEntries } from '../world/pending-entries.ts';
import { unitsHeardOf } from '../world/popularity.ts';
import type { World } from '../world/world.ts';

const ORDERS = 6;
const TIMES = 2;
const PATIENCE_MS = 20_000;

/** Buys units one order after the other and waits until the product service has heard of all. */
async function sell(world: World, productId: string, orders: number, signal: AbortSignal): Promise<string[]> {
  const ids: string[] = [];
  for (let count = 0; count < orders; count += 1) {
    const { orderId } = await world.people.customer().buy([{ productId, quantity: 2 }]);
    if (orderId !== undefined) ids.push(orderId);
  }
  const isHeard = async () => (await unitsHeardOf(world.books, productId)) >= ids.length * 2;
  if ((await until(isHeard, { patienceMs: PATIENCE_MS, signal })) === undefined)
    throw new Error('The events were not heard at all.');
  return ids;
}

/** The publisher sends at least once; here it sends three times. */
async function sendAgain({ books }: World, orderIds: readonly string[]): Promise<number> {
  const rows = await books.database('order').query(sql`
    select graphile_worker.add_job('publish-event', p.envelope::json)
      from published_events p, generate_series(1, ${TIMES})
     where p.envelope ->> 'key' = any(${orderIds})
     order by p.published_at desc
  `);
  return rows.length;
}

export const eventsSentAgain: Experiment = {
  id: 'events-sent-again',
  title: 'every event of some orders is published three times, the last ones first: what it tells is counted once',
  group: 'events',
  trials: 2,
  smoke: 1,
  run: async (world, trial) => {
    const { goods, books, platform } = world;
    const [productId, last] = [await goods.add(1_000), await goods.add(1_000)];
    const orderIds = await sell(world, productId, ORDERS, trial.signal);

    trial.measure('events sent again', await sendAgain(world, orderIds), '');
    // The events of this order come after all that were sent again.
    await sell(world, last, 1, trial.signal);
    const isQuiet = async () => (await pendingEntries(platform.urls.redis, 'order.events', 'product')) === 0;
    await until(isQuiet, { patienceMs: PATIENCE_MS, signal: trial.signal });

    const heard = await unitsHeardOf(books, productId);
    if (heard !== orderIds.length * 2) trial.breach(`${orderIds.length * 2} units were sold, and ${heard} were heard of`);
  },
  limits: [{ figure: 'events sent again', statistic: 'min', atLeast: ORDERS * TIMES }],
};
