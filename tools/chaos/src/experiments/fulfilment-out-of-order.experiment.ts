import type { Experiment } from '../experiment.ts';
import type { World } from '../world/world.ts';

const ORDERS = 10;

/** An administrator's step; whether it was allowed is what the history tells. */
const step = ({ shop, people }: World, orderId: string, what: 'ship' | 'deliver') =>
  shop.call(
    { action: what, method: 'POST', path: `/v1/admin/orders/${orderId}/${what}`, as: people.admin },
    { statuses: [200], refusals: [409] },
  );

export const fulfilmentOutOfOrder: Experiment = {
  id: 'fulfilment-out-of-order',
  title: 'orders are delivered before they are shipped, and shipped, delivered and cancelled at once',
  group: 'purchase',
  trials: 1,
  smoke: 1,
  run: async (world, trial) => {
    const productId = await world.goods.add(1_000);
    const one = async () => {
      const customer = world.people.customer();
      const { orderId, status } = await customer.buy([{ productId, quantity: 1 }]);
      if (orderId === undefined || status !== 201) return;

      await step(world, orderId, 'deliver');
      const race = [step(world, orderId, 'ship'), step(world, orderId, 'deliver'), customer.cancel(orderId)];
      await Promise.all(trial.random.shuffled(race));
      await step(world, orderId, 'ship');
      await step(world, orderId, 'deliver');
      trial.measure('orders raced for', 1, 'orders');
    };
    await Promise.all(Array.from({ length: ORDERS }, one));
  },
  limits: [{ figure: 'orders raced for', statistic: 'sum', atLeast: ORDERS / 2 }],
};
