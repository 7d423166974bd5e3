import type { PlantedBug } from './planted-bug.ts';

export const swallowedError: PlantedBug = {
  id: 'swallowed-error',
  title: 'The undoing of an order waits for all its steps and does not look whether they succeeded.',
  replacements: [
    {
      file: 'services/order/src/checkout/order.saga.ts',
      old: `
    const undone = await Promise.allSettled([`,
      new: `
    await Promise.allSettled([`,
    },
    {
      file: 'services/order/src/checkout/order.saga.ts',
      old: `
    for (const step of undone) if (step.status === 'rejected') throw step.reason;`,
      new: '',
    },
  ],
  experiments: ['cancel-while-payment-is-down'],
  rules: ['no-orphan-money'],
};
