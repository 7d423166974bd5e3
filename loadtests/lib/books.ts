import { sleep } from 'k6';
import { Gauge, Rate } from 'k6/metrics';
import type { Answer } from '../journeys/journey.ts';
import { adminToken } from './people.ts';
import { send } from './shop.ts';
import { world } from './world.ts';

const booksAgree = new Rate('books_agree');
const differences = new Gauge('reconciliation_differences');
const pendingLeft = new Gauge('orders_left_pending');
const oversold = new Gauge('oversold_units');
const saleSold = new Gauge('sale_units_sold');

/** What the load left behind has a minute to end by itself; then the comparison has another. */
const PATIENCE_MS = 60_000;

interface Run {
  readonly id: string;
  readonly status: string;
  readonly trigger: string;
}

interface Standing {
  readonly counts: { readonly open: number; readonly repaired: number; readonly waiting: number };
  readonly last: Run | null;
}

/** After the load: waits until no order is pending, has the shop compare its books with the provider's, and counts what disagrees. */
export async function compareBooks(since: string): Promise<void> {
  const token = await adminToken();
  const ended = until(() => {
    const orders = read('/v1/admin/orders', '/v1/admin/orders?status=pending&limit=100', token)?.items;
    if (!Array.isArray(orders)) return false;
    pendingLeft.add(orders.length);
    return orders.length === 0;
  });
  let found: number | undefined;
  until(() => {
    found = differencesNow(since, token);
    return found === 0;
  });
  const { sold, lost } = saleNow(token);
  saleSold.add(sold);
  oversold.add(lost);
  if (found !== undefined) differences.add(found);
  booksAgree.add(ended && found === 0 && lost === 0);
}

/** Undefined when the comparison could not be made. */
function differencesNow(since: string, token: string): number | undefined {
  const begun = send({
    route: '/v1/admin/reconciliation',
    method: 'POST',
    token,
    body: { since, graceSeconds: 0 },
    statuses: [202],
    isRead: true,
  }).body as Run | undefined;
  // One that the clock began covers less than we ask for.
  if (begun?.trigger !== 'request') return undefined;
  let standing: Standing | undefined;
  until(() => {
    standing = read('/v1/admin/reconciliation', '/v1/admin/reconciliation?limit=100', token) as Standing | undefined;
    return standing?.last?.id === begun.id;
  });
  if (standing?.last?.id !== begun.id || standing.last.status !== 'succeeded') return undefined;
  const { open, repaired, waiting } = standing.counts;
  return open + repaired + waiting;
}

/** Of the few pieces of the flash sale: no more may be gone than there were. */
function saleNow(token: string): { sold: number; lost: number } {
  const { productId, units } = world().sale;
  const inventory = read('/v1/admin/products/{id}/inventory', `/v1/admin/products/${productId}/inventory`, token);
  const sold = Number(inventory?.sold);
  return { sold, lost: Number.isNaN(sold) ? units : Math.max(0, sold - units) };
}

function read(route: string, path: string, token: string): Answer['body'] {
  return send({ route, path, token, isRead: true }).body;
}

function until(isSo: () => boolean): boolean {
  const end = Date.now() + PATIENCE_MS;
  while (!isSo()) {
    if (Date.now() > end) return false;
    sleep(0.5);
  }
  return true;
}
