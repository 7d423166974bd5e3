import type { Experiment } from '../experiment.ts';

export const purchase: Experiment = {
  id: 'purchase',
  title: 'a customer buys, and the books agree',
  run: async ({ shop, platform, measure, wrong }) => {
    const since = new Date();
    const product = await shop.newProduct(10);
    const token = await shop.customer();

    const order = await shop.buy(token, product);

    measure(`order ${order.status}, ${order.total.amount} ${order.total.currency}`);
    const differences = await shop.differences(since);
    for (const difference of differences) wrong(difference);
    const usage = await platform.kubectl.attempt(['top', 'pods', '--no-headers']);
    for (const line of usage.stdout.trim().split('\n')) measure(line.replaceAll(/\s+/g, ' '));
  },
};
