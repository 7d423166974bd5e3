import type { Call, Journey, Visit } from './journey.ts';

const shippingAddress = {
  name: 'Ada Lovelace',
  line1: '12 St James Square',
  city: 'London',
  postalCode: 'SW1Y 4JH',
  country: 'GB',
};

export async function purchaseOf(visit: Visit, productIds: readonly string[]): Promise<Call> {
  return {
    route: '/v1/orders',
    method: 'POST',
    token: await visit.customer(),
    idempotencyKey: visit.newKey(),
    body: {
      items: [...new Set(productIds)].map((productId) => ({ productId, quantity: 1 })),
      shippingAddress,
      paymentMethod: 'pm_card_visa',
    },
    // 202: the order is kept and finishes by itself; the books are compared when it has.
    statuses: [201, 202],
  };
}

/** Buys one to three things. */
export const checkout: Journey = {
  requests: 1,
  run: async (visit) => {
    const wanted = Array.from({ length: visit.pick([1, 1, 2, 3]) }, () => visit.productToBuy());
    visit.call(await purchaseOf(visit, wanted));
  },
};
