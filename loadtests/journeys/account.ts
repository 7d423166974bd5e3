import type { Journey } from './journey.ts';

/** Looks through what was bought. */
export const account: Journey = {
  requests: 2,
  run: async (visit) => {
    const token = await visit.customer();
    visit.call({ route: '/v1/orders', path: '/v1/orders?limit=20', token });
    visit.call({ route: '/v1/cart', token });
  },
};
