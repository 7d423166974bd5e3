import { lookAt } from './browse.ts';
import type { Journey } from './journey.ts';

/** A search, and one product. */
export const search: Journey = {
  requests: 2,
  run: async (visit) => {
    visit.call({ route: '/v1/products?q=', path: `/v1/products?limit=20&q=${encodeURIComponent(visit.word())}` });
    lookAt(visit, visit.product());
  },
};
