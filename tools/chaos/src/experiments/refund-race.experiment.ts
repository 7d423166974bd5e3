import { randomUUID } from 'node:crypto';
import type { Experiment } from '../experiment.ts';
import type { World } from '../world/world.ts';

const ORDERS = 10;
const PRICE = 1_000;
const SHARE = 600;

const refund = ({ shop, people }: World, orderId: string) =>
  shop.call(
    {
      action: 'refund',
      method: 'POST',
      path: `/v1/admin/orders/${orderId}/refunds`,
      as: people.admin,
      key: randomUUID(),
      body: { amount: { amount: SHARE, currency: 'EUR' }, reason: 'a scratch' },
    },
    { statuses: [201, 202], refusals: [409] },
  );

export const refundRace: Experiment = {
  id: 'refund-race',
  title: 'two refunds of 60 % and a cancellation of one order at once, with a provider that refunds whatever it is asked to',
  group: 'purchase',
  trials: 5,
  smoke: 1,
  run: async (world, trial) => {
    const productId = await world.goods.add(1_000, PRICE);
    const bought = await Promise.all(
      Array.from({ length: ORDERS }, async () => {
        const customer = world.people.customer();
        return { customer, orderId: (await customer.buy([{ productId, quantity: 1 }])).orderId };
      }),
    );
    // Stripe refuses to refund more than it took; then nobody could tell whether the shop would have.
    world.witness.behave({ trusting: true });

    const race = async ({ customer, orderId }: (typeof bought)[number]) => {
      if (orderId === undefined) return;
      const isCancelled = trial.random.chance(0.3);
      const refunds = await Promise.all([
        refund(world, orderId),
        refund(world, orderId),
        ...(isCancelled ? [customer.cancel(orderId)] : []),
      ]);
      trial.measure('races', refunds.length > 0 ? 1 : 0, 'orders');
    };
    await Promise.all(bought.map(race));
  },
  limits: [{ figure: 'races', statistic: 'sum', atLeast: ORDERS }],
};
