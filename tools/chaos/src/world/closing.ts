import type { OrderResponse } from '@emporium/contracts/order';
import type { Evidence, Reading, Settled } from '../invariants/evidence.ts';
import { pause } from '../schedule/pause.ts';
import type { Customer } from '../shop/customer.ts';
import type { Chapter } from '../shop/recorder.ts';
import type { World } from './world.ts';

const PATIENCE_MS = 60_000;

/** Waits until nothing is on its way any more, at most for the promised minute after everything was healed (`performance.now()`). */
export async function settle(
  world: World,
  since: Date,
  healedAt: number,
  { signal, patienceMs = PATIENCE_MS }: { signal?: AbortSignal; patienceMs?: number | undefined } = {},
): Promise<Settled> {
  for (;;) {
    const left = [...(await world.books.unfinished()), ...(await keptForNothing(world, since))];
    const tookMs = performance.now() - healedAt;
    if (left.length === 0 || tookMs > patienceMs) return { tookMs, left };
    await pause(250, signal);
  }
}

/** Money the witness holds for orders that ended without a sale. */
async function keptForNothing({ witness, books }: World, since: Date): Promise<string[]> {
  const kept = new Set(witness.charges().flatMap(({ orderId, amount, refunded }) => (refunded < amount ? [orderId] : [])));
  const wrong = (await books.endedOrders(since)).filter((id) => kept.has(id));
  return wrong.length === 0 ? [] : [`${wrong.length} ended orders whose money is kept`];
}

/**
 * Everything there is to know: what the services wrote about every order of this platform, also those of earlier experiments, which a
 * late fault may have harmed; what the witness saw; and what customers are shown now.
 */
export async function gather(world: World, chapter: Chapter, settled: Settled): Promise<Evidence> {
  const { books, witness, goods } = world;
  const orders = await books.orders();
  const ids = orders.map(({ id }) => id);
  const [payments, ledger, stock] = await Promise.all([books.payments(ids), books.ledger(ids), books.stock(goods.put)]);
  const readings = await readingsOf(chapter);
  return {
    orders,
    payments,
    ledger,
    stock,
    charges: witness.charges(),
    purchases: chapter.purchases,
    readings,
    breaches: chapter.breaches,
    settled,
  };
}

/** Owners look through their lists; what is not there they ask for by its id. */
async function readingsOf({ purchases }: Chapter): Promise<Reading[]> {
  const accepted = purchases.filter(({ state }) => state === 'accepted');
  const byOwner = new Map<Customer, typeof accepted>();
  for (const purchase of accepted) byOwner.set(purchase.customer, [...(byOwner.get(purchase.customer) ?? []), purchase]);
  const readings: Reading[] = [];
  for (const [customer, own] of byOwner) {
    const shown = new Map((await allOrdersOf(customer)).map((order) => [order.id, order]));
    for (const { orderId = '', key, userId, items } of own) {
      const seen = shown.get(orderId) ?? (await shownTo(customer, orderId));
      readings.push({ orderId, key, userId, wanted: items, seen });
    }
  }
  return readings;
}

/** A refusal that says nothing about the order, a 503 say, is asked again. */
async function shownTo(customer: Customer, orderId: string): Promise<OrderResponse | undefined> {
  for (let tries = 0; tries < 5; tries += 1) {
    const { body, status } = await customer.order(orderId);
    if (body !== undefined || status === 404) return body;
    await pause(1_000);
  }
  return undefined;
}

async function allOrdersOf(customer: Customer): Promise<OrderResponse[]> {
  const { body } = await customer.orders(100);
  return body?.items ?? [];
}
