import type { Journey } from './journey.ts';

/** Puts something into the cart, looks at it, and thinks better of it. */
export const cart: Journey = {
  requests: 3,
  run: async (visit) => {
    const token = await visit.customer();
    const line = { route: '/v1/cart/items/{productId}', path: `/v1/cart/items/${visit.productToBuy()}`, token };
    visit.call({ ...line, method: 'PUT', body: { quantity: visit.pick([1, 1, 1, 2, 3]) } });
    visit.call({ route: '/v1/cart', token });
    visit.call({ ...line, method: 'DELETE' });
  },
};
