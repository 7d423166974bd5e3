import type { PlantedBug } from './planted-bug.ts';

export const noKeyLock: PlantedBug = {
  id: 'no-key-lock',
  title: 'Whether an idempotency key is new is looked up first; that somebody else took it meanwhile is not noticed.',
  replacements: [
    {
      file: 'services/order/src/checkout/checkout.service.ts',
      old: `if (!(await this.idempotency.claim(tx, scopeOf(purchase), key, fingerprint(request), claim))) throw inProgress();`,
      new: `await this.idempotency.claim(tx, scopeOf(purchase), key, fingerprint(request), claim);`,
    },
  ],
  experiments: ['double-click'],
  rules: ['idempotent'],
};
