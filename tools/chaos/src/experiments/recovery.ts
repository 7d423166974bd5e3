import { pause } from '../schedule/pause.ts';
import type { Purchase } from '../shop/purchase.ts';
import type { World } from '../world/world.ts';

const PATIENCE_MS = 60_000;

/** What was not finished at some moment: purchases whose client has no definite answer yet, and orders that are pending. */
export interface UnderWay {
  readonly purchases: readonly Purchase[];
  readonly orderIds: readonly string[];
}

export async function underWay({ books, recorder }: World): Promise<UnderWay> {
  const orderIds = await books.pendingOrders();
  return { orderIds, purchases: recorder.chapter.purchases.filter(({ state }) => state === 'open') };
}

/**
 * Waits until all of it has come to its end: clients have definite answers, and their orders are terminal. Returns the milliseconds, or
 * undefined after the promised minute. A database that is away is asked again.
 */
export async function recovery(
  { books }: World,
  { purchases, orderIds }: UnderWay,
  signal: AbortSignal,
): Promise<number | undefined> {
  const began = performance.now();
  while (performance.now() - began < PATIENCE_MS) {
    const ids = [...orderIds, ...purchases.map(({ orderId }) => orderId).filter((id) => id !== undefined)];
    const isAnswered = purchases.every(({ state }) => state !== 'open');
    if (isAnswered && (await areTerminal(books, ids))) return performance.now() - began;
    await pause(100, signal);
  }
  return undefined;
}

async function areTerminal(books: World['books'], ids: readonly string[]): Promise<boolean> {
  try {
    return [...(await books.statuses(ids)).values()].every((status) => status !== 'pending');
  } catch {
    return false; // the database is down or just coming up
  }
}
