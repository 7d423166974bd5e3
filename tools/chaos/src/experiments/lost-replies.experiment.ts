import type { Experiment } from '../experiment.ts';
import { pause } from '../schedule/pause.ts';
import type { Purchase } from '../shop/purchase.ts';
import type { World } from '../world/world.ts';

const LOST = 100;
const PATIENCE_MS = 60_000;
const lost = { fault: 'lose-reply', on: 'charge', times: 1 } as const;
const kept = { fault: 'none', on: 'charge', times: 1 } as const;

export const lostReplies: Experiment = {
  id: 'lost-replies',
  title: `the provider charges and drops the connection, ${LOST} times`,
  group: 'provider',
  trials: 1,
  smoke: 1,
  limits: [
    { figure: 'lost replies', statistic: 'min', atLeast: LOST },
    { figure: 'resolved', statistic: 'max', atMost: PATIENCE_MS },
  ],
  run: async (world, { random, signal, measure, breach, say }) => {
    const product = await world.goods.add(10 * LOST);
    // One in three: a provider that loses every reply is a provider that is down, and the breaker before it opens.
    world.witness.script(...random.shuffled(Array.from({ length: 3 * LOST }, (_, index) => (index < LOST ? lost : kept))));
    const isLosing = () => world.witness.simulator.faults.pending.some(({ fault }) => fault === 'lose-reply');
    const bought: Promise<Purchase>[] = [];
    while (isLosing() && bought.length < 6 * LOST) {
      bought.push(world.people.customer().buy([{ productId: product, quantity: 1 }], { signal }));
      await pause(random.exponential(50), signal);
    }
    const left = world.witness.simulator.faults.pending.filter(({ fault }) => fault === 'lose-reply').length;
    measure('lost replies', LOST - left, '');
    say(`${LOST - left} replies lost among ${bought.length} purchases`);

    const unfinished = await resolve(world, bought, signal, (ms) => measure('resolved', ms, 'ms'));
    if (unfinished > 0) breach(`${unfinished} purchases were not finished after a minute`);
  },
};

/** Tells of each purchase how long it took from its first click until its order was terminal. Returns how many never were. */
async function resolve(
  { books }: World,
  bought: readonly Promise<Purchase>[],
  signal: AbortSignal,
  tell: (ms: number) => void,
): Promise<number> {
  let open = await Promise.all(bought);
  const last = Math.max(...open.map(({ at }) => at));
  for (;;) {
    const statuses = await books.statuses(open.map(({ orderId }) => orderId ?? ''));
    const ended = open.filter(({ orderId = '' }) => (statuses.get(orderId) ?? 'pending') !== 'pending');
    for (const { at } of ended) tell(Date.now() - at);
    open = open.filter((purchase) => !ended.includes(purchase));
    if (open.length === 0 || Date.now() > last + PATIENCE_MS) return open.length;
    await pause(200, signal);
  }
}
