import type { Experiment } from '../experiment.ts';

const CUSTOMERS = 20;
const CLICKS = 5;

export const doubleClick: Experiment = {
  id: 'double-click',
  title: `${CUSTOMERS} customers send their purchase ${CLICKS} times at once, each with one key`,
  group: 'purchase',
  trials: 5,
  smoke: 1,
  run: async ({ goods, people }, trial) => {
    const productId = await goods.add(10_000);
    const purchases = Array.from({ length: CUSTOMERS }, () => people.customer().purchase([{ productId, quantity: 1 }]));
    await Promise.all(purchases.flatMap((purchase) => Array.from({ length: CLICKS }, () => purchase.attempt())));

    const accepted = purchases.filter(({ state }) => state === 'accepted').length;
    trial.measure('bought', accepted, 'orders');
  },
  limits: [{ figure: 'bought', statistic: 'min', atLeast: CUSTOMERS }],
};
