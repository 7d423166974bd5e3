import type { Experiment } from '../experiment.ts';
import { pause, until } from '../schedule/pause.ts';

const PIECES = 100;
const BUYERS = 2_000;
const BETWEEN_MS = 1_000;

export const flashSale: Experiment = {
  id: 'flash-sale',
  title: `${PIECES} pieces, ${BUYERS} buyers within a second, each of whom repeats his key until he is told`,
  group: 'purchase',
  trials: 3,
  smoke: 1,
  limits: [
    { figure: 'sold', statistic: 'min', atLeast: PIECES },
    { figure: 'sold', statistic: 'max', atMost: PIECES },
  ],
  run: async ({ goods, people, books }, { random, signal, measure, breach, say }) => {
    const productId = await goods.add(PIECES);
    const buyers = Array.from({ length: BUYERS }, () => people.customer());
    for (const { person } of buyers) await person.token();

    const began = performance.now();
    const purchases = await Promise.all(
      buyers.map(async (buyer) => {
        await pause(random.between(0, BETWEEN_MS), signal);
        return buyer.buy([{ productId, quantity: 1 }], { signal, patienceMs: 120_000 });
      }),
    );
    const tookMs = performance.now() - began;

    const untold = purchases.filter(({ state }) => state === 'given-up').length;
    if (untold > 0) breach(`${untold} buyers were never told`);
    measure('all told after', tookMs, 'ms');
    const ids = purchases.map(({ orderId }) => orderId).filter((id) => id !== undefined);
    await until(async () => [...(await books.statuses(ids)).values()].every((status) => status !== 'pending'), {
      patienceMs: 60_000,
      signal,
    });
    const sold = [...(await books.statuses(ids)).values()].filter((status) => status === 'confirmed').length;
    measure('sold', sold, '');
    say(`${sold} sold, everybody told after ${(tookMs / 1_000).toFixed(1)} s`);
  },
};
