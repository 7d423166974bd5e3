import type { PlantedBug } from './planted-bug.ts';

export const noKeyLock: PlantedBug = {
  id: 'no-key-lock',
  title: 'Whether an idempotency key is new is looked up first; that somebody else took it meanwhile is not noticed.',
  replacements: [
    {
      file: 'services/order/src/orders/order.repository.ts',
      old: `
      with claimed as (\${claim}), placed as (`,
      new: `
      with key as (\${claim}), claimed as (select), placed as (`,
    },
  ],
  experiments: ['double-click'],
  rules: ['idempotent'],
};
