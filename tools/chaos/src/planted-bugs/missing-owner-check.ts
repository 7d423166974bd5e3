import type { PlantedBug } from './planted-bug.ts';

export const missingOwnerCheck: PlantedBug = {
  id: 'missing-owner-check',
  title: 'An order is found by its id alone, whoever asks.',
  replacements: [
    {
      file: 'services/order/src/orders/order.service.ts',
      old: `
    if (order?.userId !== userId) throw orderNotFound(id);`,
      new: `
    void userId;
    if (order === undefined) throw orderNotFound(id);`,
    },
  ],
  experiments: ['strangers'],
  rules: ['no-right-granted'],
};
