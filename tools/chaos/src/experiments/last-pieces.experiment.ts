import type { Experiment } from '../experiment.ts';

const PRODUCTS = 4;
const PIECES = 3;
const BUYERS = 30;

export const lastPieces: Experiment = {
  id: 'last-pieces',
  title: `${BUYERS} customers at once want one of ${PIECES} pieces, of ${PRODUCTS} products`,
  group: 'purchase',
  trials: 5,
  smoke: 1,
  run: async ({ goods, people }, trial) => {
    const products = await Promise.all(Array.from({ length: PRODUCTS }, () => goods.add(PIECES)));
    const visits = products.flatMap((productId) => Array.from({ length: BUYERS }, () => productId));
    const purchases = await Promise.all(
      trial.random.shuffled(visits).map((productId) => people.customer().buy([{ productId, quantity: 1 }])),
    );
    trial.measure('refused', purchases.filter(({ state }) => state === 'refused').length, 'orders');
  },
  limits: [{ figure: 'refused', statistic: 'min', atLeast: 1 }],
};
