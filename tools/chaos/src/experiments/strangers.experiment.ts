import { randomUUID } from 'node:crypto';
import type { Experiment } from '../experiment.ts';

const ORDERS = 10;

export const strangers: Experiment = {
  id: 'strangers',
  title: 'customers ask for, look through and cancel the orders of others, whose ids they know',
  group: 'purchase',
  trials: 1,
  smoke: 1,
  run: async ({ shop, people, goods }, trial) => {
    const productId = await goods.add(1_000);
    for (let count = 0; count < ORDERS; count += 1) {
      const owner = people.customer();
      const { orderId } = await owner.buy([{ productId, quantity: 1 }]);
      if (orderId === undefined) continue;
      const stranger = people.customer();

      const path = `/v1/orders/${orderId}`;
      const closed = { statuses: [404], closed: true };
      await stranger.call({ action: 'foreign-order', method: 'GET', path }, closed);
      await stranger.call({ action: 'foreign-cancel', method: 'POST', path: `${path}/cancel`, key: randomUUID() }, closed);
      const { body } = await stranger.orders();
      if (body?.items.length !== 0)
        stranger.breach('no-foreign-data', 'the orders of somebody who has none are not an empty list');
      const admin = { action: 'foreign-admin', method: 'GET', path: `/v1/admin/orders/${orderId}`, as: stranger.person };
      await shop.call(admin, { statuses: [403], closed: true });
      trial.measure('orders asked for', 1, 'orders');
    }
  },
  limits: [{ figure: 'orders asked for', statistic: 'sum', atLeast: ORDERS }],
};
