import { randomUUID } from 'node:crypto';
import type { Experiment } from '../experiment.ts';
import { pause } from '../schedule/pause.ts';
import type { World } from '../world/world.ts';

const ORDERS = 20;
const PRICE = 1_000;
const SHARE = 600;

export const refundRace: Experiment = {
  id: 'refund-race',
  title: `two refunds of 60 % at once, of ${ORDERS} orders, at a provider that does not count them`,
  group: 'purchase',
  trials: 5,
  smoke: 1,
  limits: [{ figure: 'refunded', statistic: 'max', atMost: SHARE }],
  run: async (world, { signal, measure, breach }) => {
    const product = await world.goods.add(ORDERS, PRICE);
    const purchases = await Promise.all(
      Array.from({ length: ORDERS }, () => world.people.customer().buy([{ productId: product, quantity: 1 }], { signal })),
    );
    const ids = purchases.filter(({ status }) => status === 201).map(({ orderId }) => orderId ?? '');
    if (ids.length === 0) return breach('no order was sold that could be refunded');
    // Otherwise the provider's own count would hide a mistake of the shop.
    world.witness.behave({ trusting: true });

    const answers = await Promise.all(ids.map((id) => Promise.all([refund(world, id, signal), refund(world, id, signal)])));

    for (const statuses of answers) {
      const given = statuses.filter((status) => status === 201 || status === 202).length;
      if (given !== 1) breach(`of two refunds of 60 % ${given} were given: ${statuses.join(' and ')}`);
    }
    for (const id of ids) measure('refunded', world.witness.charges(id)[0]?.refunded ?? 0, '');
  },
};

/** Repeats its key until there is a definite answer, and returns its status. */
async function refund({ shop, people }: World, orderId: string, signal: AbortSignal): Promise<number | undefined> {
  const key = randomUUID();
  for (let tries = 0; tries < 60; tries += 1) {
    const { status, code } = await shop.call(
      {
        action: 'refund',
        method: 'POST',
        path: `/v1/admin/orders/${orderId}/refunds`,
        as: people.admin,
        key,
        body: { amount: { amount: SHARE, currency: 'EUR' }, reason: 'a scratch' },
      },
      { statuses: [201, 202], refusals: [409] },
    );
    if (status !== undefined && status < 500 && status !== 429 && code !== 'in-progress') return status;
    await pause(500, signal);
  }
  return undefined;
}
