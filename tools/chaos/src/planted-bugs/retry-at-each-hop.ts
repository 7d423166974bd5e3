import type { PlantedBug } from './planted-bug.ts';

export const retryAtEachHop: PlantedBug = {
  id: 'retry-at-each-hop',
  title: 'Every hop sends a failed request again by itself, and nobody counts: their retries multiply.',
  replacements: [
    {
      file: 'services/gateway/src/routing/public.routes.ts',
      old: `method === 'GET' && upstream !== 'order'`,
      new: `method === 'GET' || request.headers['idempotency-key'] !== undefined`,
    },
    {
      file: 'services/gateway/src/routing/public.routes.ts',
      old: `const patient = false;`,
      new: `const patient = true;`,
    },
    {
      file: 'libs/http-client/src/upstream-settings.ts',
      old: `retry: { attempts: 1,`,
      new: `retry: { attempts: 2,`,
    },
    {
      file: 'libs/http-client/src/http-client.ts',
      old: `deadline.remainingMs() && this.budget.spend()`,
      new: `deadline.remainingMs()`,
    },
  ],
  experiments: ['retry-storm'],
  rules: ['experiment'],
};
