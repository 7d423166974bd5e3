import type { Journey } from './journey.ts';

/** Staff at work: the latest orders, a payment list, the units of a product. */
export const admin: Journey = {
  requests: 3,
  run: async (visit) => {
    const token = await visit.administrator();
    visit.call({ route: '/v1/admin/orders', path: '/v1/admin/orders?limit=20', token });
    visit.call({ route: '/v1/admin/payments', path: '/v1/admin/payments?limit=20', token });
    visit.call({
      route: '/v1/admin/products/{id}/inventory',
      path: `/v1/admin/products/${visit.productToBuy()}/inventory`,
      token,
    });
  },
};
