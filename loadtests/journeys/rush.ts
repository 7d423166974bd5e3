import { purchaseOf } from './checkout.ts';
import type { Journey } from './journey.ts';

/** Wants the one thing that everybody wants; most go without, and are told so. */
export const rush: Journey = {
  requests: 1,
  run: async (visit) => {
    visit.call({ ...(await purchaseOf(visit, [visit.productOnSale()])), statuses: [201, 202, 409] });
  },
};
