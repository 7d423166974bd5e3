import type { Journey, Visit } from './journey.ts';

const sorts = ['popular', 'popular', 'newest', 'price', '-price'];

export const lookAt = (visit: Visit, id: string) => visit.call({ route: '/v1/products/{id}', path: `/v1/products/${id}` });

/** A list, and two products of the shop. */
export const browse: Journey = {
  requests: 3,
  run: async (visit) => {
    visit.call({ route: '/v1/products', path: `/v1/products?limit=20&sort=${visit.pick(sorts)}` });
    lookAt(visit, visit.product());
    lookAt(visit, visit.productToBuy());
  },
};
