import type { Invariant } from './invariant.ts';

export const noOversell: Invariant = {
  rule: 'no-oversell',
  says: 'no more units are sold than were supplied, and no count is below zero',
  check: ({ stock }) =>
    stock
      .filter(
        ({ supplied, onHand, reserved, sold, unitsOfOrders, put }) =>
          Math.max(sold, unitsOfOrders) > (put ?? supplied) || Math.min(onHand, reserved, sold) < 0,
      )
      .map(
        ({ productId, supplied, onHand, reserved, sold, unitsOfOrders, put }) =>
          `product ${productId}: ${put ?? supplied} supplied, ${sold} sold, ${unitsOfOrders} in orders, ${onHand} on hand, ${reserved} reserved`,
      ),
};

export const stockConserved: Invariant = {
  rule: 'stock-conserved',
  says: 'supplied = on hand + reserved + sold; sold is what the sold orders hold; supplied is what was put there',
  check: ({ stock }) =>
    stock.flatMap(({ productId, supplied, onHand, reserved, sold, unitsOfOrders, put }) => {
      const wrong: string[] = [];
      if (supplied !== onHand + reserved + sold) wrong.push(`${supplied} supplied ≠ ${onHand} + ${reserved} + ${sold}`);
      if (sold !== unitsOfOrders) wrong.push(`${sold} sold, and orders hold ${unitsOfOrders}`);
      if (put !== undefined && put !== supplied) wrong.push(`${supplied} supplied, and ${put} were put there`);
      return wrong.map((what) => `product ${productId}: ${what}`);
    }),
};
