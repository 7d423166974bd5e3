import type { PlantedBug } from './planted-bug.ts';

export const historyEdgeSkipped: PlantedBug = {
  id: 'history-edge-skipped',
  title: 'An order can be delivered without having been shipped, and its history says so.',
  replacements: [
    {
      file: 'services/order/src/orders/order.ts',
      old: `
  confirmed: ['cancelled', 'shipped'],`,
      new: `
  confirmed: ['cancelled', 'shipped', 'delivered'],`,
    },
    {
      file: 'services/order/migrations/0001_orders.sql',
      old: `('confirmed', 'shipped'), ('shipped', 'delivered')`,
      new: `('confirmed', 'shipped'), ('confirmed', 'delivered'), ('shipped', 'delivered')`,
    },
  ],
  experiments: ['fulfilment-out-of-order'],
  rules: ['legal-history'],
};
