import type { Experiment } from '../experiment.ts';
import { pause } from '../schedule/pause.ts';
import type { Customer } from '../shop/customer.ts';

const CUSTOMERS = 10;
const CLICKS = 6;

export const doubleClick: Experiment = {
  id: 'double-click',
  title: `${CUSTOMERS} customers click ${CLICKS} times at once: one key each`,
  group: 'purchase',
  trials: 10,
  smoke: 3,
  limits: [{ figure: 'orders of one key', statistic: 'max', atMost: 1 }],
  run: async (world, { random, signal, measure }) => {
    const product = await world.goods.add(CUSTOMERS * CLICKS);
    const customers = Array.from({ length: CUSTOMERS }, () => world.people.customer());

    await Promise.all(customers.map((customer) => clickAtOnce(customer, product, () => pause(random.between(0, 15), signal))));

    for (const customer of customers) {
      const { body } = await customer.orders();
      if (body !== undefined) measure('orders of one key', body.items.length, '');
    }
  },
};

/** The clicks race, a few milliseconds apart; then the key is repeated until there is a definite answer. */
async function clickAtOnce(customer: Customer, productId: string, aMoment: () => Promise<void>): Promise<void> {
  const purchase = customer.purchase([{ productId, quantity: 1 }]);
  await Promise.all(
    Array.from({ length: CLICKS }, async () => {
      await aMoment();
      await purchase.attempt();
    }),
  );
  await purchase.run();
}
