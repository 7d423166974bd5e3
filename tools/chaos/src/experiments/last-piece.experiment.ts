import type { Experiment } from '../experiment.ts';

const ROUNDS = 5;
const BUYERS = 30;
const DELAY_MS = 20;

export const lastPiece: Experiment = {
  id: 'last-piece',
  title: `${BUYERS} customers at once want the last piece of a product, whose database is ${DELAY_MS} ms away; ${ROUNDS} times`,
  group: 'purchase',
  trials: 5,
  smoke: 1,
  run: async ({ goods, people, links }, trial) => {
    const products = await Promise.all(Array.from({ length: ROUNDS }, () => goods.add(1)));
    // Whoever looks first and takes later has others between: a look and a taking are a round trip apart.
    links.between({ from: 'product', to: 'postgres' }).slow(DELAY_MS);

    for (const productId of products) {
      const buyers = Array.from({ length: BUYERS }, () => people.customer());
      const purchases = await Promise.all(
        buyers.map((customer) => customer.buy([{ productId, quantity: 1 }], { signal: trial.signal })),
      );
      trial.measure('bought', purchases.filter(({ status }) => status === 201).length, 'orders');
    }
  },
  limits: [{ figure: 'bought', statistic: 'max', atMost: 1 }],
};
