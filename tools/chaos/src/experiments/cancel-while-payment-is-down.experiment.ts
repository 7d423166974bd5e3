import { sql } from '@emporium/postgres';
import type { Experiment } from '../experiment.ts';
import { pause, until } from '../schedule/pause.ts';
import type { World } from '../world/world.ts';

const ORDERS = 5;
const PATIENCE_MS = 45_000;

/** Cancelled orders that still wait for their undoing. */
async function owed({ books }: World): Promise<number> {
  const [row] = await books.database('order').query<{ count: number }>(sql`
    select count(*)::int as count from graphile_worker.jobs where task_identifier = 'compensate-order'
  `);
  return row?.count ?? 0;
}

export const cancelWhilePaymentIsDown: Experiment = {
  id: 'cancel-while-payment-is-down',
  title: 'orders are cancelled while the payment service is dead: their money goes back when it lives',
  group: 'purchase',
  trials: 2,
  smoke: 1,
  run: async (world, trial) => {
    const productId = await world.goods.add(1_000);
    const buyers = Array.from({ length: ORDERS }, () => world.people.customer());
    const bought = await Promise.all(
      buyers.map(async (customer) => ({ customer, orderId: (await customer.buy([{ productId, quantity: 1 }])).orderId })),
    );

    world.processes.hold('payment');
    for (const { customer, orderId } of bought) if (orderId !== undefined) await customer.cancel(orderId);
    await pause(trial.random.between(0, 2_000), trial.signal);
    world.processes.release('payment');

    const tookMs = await until(async () => (await owed(world)) === 0, { patienceMs: PATIENCE_MS, signal: trial.signal });
    if (tookMs === undefined) trial.breach(`${await owed(world)} cancelled orders are not undone after ${PATIENCE_MS / 1_000} s`);
    else trial.measure('undone', tookMs, 'ms');
  },
};
