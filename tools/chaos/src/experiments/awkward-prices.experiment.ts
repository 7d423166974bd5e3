import type { OrderResponse } from '@emporium/contracts/order';
import type { Experiment } from '../experiment.ts';

/** Prices whose hundredth has no exact place in a binary fraction, or loses it when it is multiplied: 1.15 € × 100 is 114.99999999999999. */
const prices = [115, 57, 58, 113, 114, 116, 201, 203, 219, 229, 402, 406, 438, 458, 555, 1_001, 1_655, 1_999, 8_203, 99_999];

export const awkwardPrices: Experiment = {
  id: 'awkward-prices',
  title: 'one to nine pieces at prices that floating point cannot hold',
  group: 'purchase',
  trials: 1,
  smoke: 1,
  run: async ({ goods, people, witness }, trial) => {
    const products = await Promise.all(prices.map(async (price) => ({ price, productId: await goods.add(1_000, price) })));
    const customer = people.customer();

    for (const { price, productId } of products) {
      const quantity = trial.random.integer(1, 9);
      const other = trial.random.pick(products);
      const items = [
        { productId, quantity },
        ...(other.productId === productId ? [] : [{ productId: other.productId, quantity: 1 }]),
      ];
      const due = price * quantity + (other.productId === productId ? 0 : other.price);
      const { orderId } = await customer.buy(items);
      if (orderId === undefined) continue;

      const { body } = await customer.order(orderId);
      for (const [what, amount] of [...amountsOf(body), ['charged', charged(witness.charges(orderId))] as const]) {
        if (amount !== due) trial.breach(`order ${orderId} costs ${due}, and ${what} is ${amount}`);
      }
      trial.measure('orders added up', 1, 'orders');
    }
  },
  limits: [{ figure: 'orders added up', statistic: 'sum', atLeast: prices.length }],
};

function amountsOf(order: OrderResponse | undefined): (readonly [string, number])[] {
  if (order === undefined) return [];
  const lines = order.items.reduce((sum, { lineTotal }) => sum + lineTotal.amount, 0);
  return [
    ['its total', order.total.amount],
    ['the sum of its lines', lines],
  ];
}

const charged = (charges: readonly { amount: number }[]) => charges.reduce((sum, { amount }) => sum + amount, 0);
