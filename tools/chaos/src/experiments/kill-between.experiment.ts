import type { Experiment } from '../experiment.ts';
import { deck } from '../schedule/deck.ts';
import { until } from '../schedule/pause.ts';
import { recovery } from './recovery.ts';

const AT_ONCE = 4;
const victims = [['order'], ['payment'], ['order', 'payment'], ['payment', 'postgres']] as const;

export const killBetweenChargeAndReply: Experiment = {
  id: 'kill-between-charge-and-reply',
  title: 'the money has moved, nobody has heard of it, and order, payment or Postgres is killed',
  group: 'processes',
  trials: 16,
  smoke: 2,
  limits: [{ figure: 'recovery', statistic: 'p99', atMost: 30_000 }],
  run: async (world, { number, of, shared, signal, measure, breach, say }) => {
    const killed = deck(shared, victims, of)[number - 1] ?? ['order'];
    const product = await world.goods.add(AT_ONCE);
    const customers = Array.from({ length: AT_ONCE }, () => world.people.customer());
    const before = world.witness.charges().length;
    world.witness.script({ fault: 'hang', on: 'charge', times: AT_ONCE, acts: true });

    const purchases = customers.map((customer) => customer.purchase([{ productId: product, quantity: 1 }], { signal }));
    const bought = Promise.all(purchases.map((purchase) => purchase.run()));
    const charged = await until(() => world.witness.charges().length >= before + AT_ONCE, {
      patienceMs: 10_000,
      everyMs: 10,
      signal,
    });
    if (charged === undefined) breach(`only ${world.witness.charges().length - before} of ${AT_ONCE} charges came`);
    for (const victim of killed) world.processes.kill(victim);
    world.witness.calm();

    const ms = await recovery(world, { purchases, orderIds: [] }, signal);
    await bought;
    if (ms === undefined) return breach(`after the kill of ${killed.join(' and ')} an order is pending for a minute`);
    measure('recovery', ms, 'ms');
    say(`killed ${killed.join(' and ')}: confirmed after ${(ms / 1_000).toFixed(1)} s`);
    const statuses = await world.books.statuses(purchases.map(({ orderId }) => orderId ?? ''));
    const confirmed = [...statuses.values()].filter((status) => status === 'confirmed').length;
    if (confirmed !== AT_ONCE) breach(`${AT_ONCE} orders were paid, and ${confirmed} are confirmed`);
  },
};
