import { type Item, isSold, type OrderFact, type PurchaseFact, type Reading } from './evidence.ts';
import type { Invariant } from './invariant.ts';

const SUCCESSORS: Readonly<Record<string, readonly string[]>> = {
  pending: ['confirmed', 'rejected'],
  confirmed: ['cancelled', 'shipped'],
  shipped: ['delivered'],
};

export const legalHistory: Invariant = {
  rule: 'legal-history',
  says: 'versions count from 1, the first status is pending, every step is a legal one, the last is the status of the order',
  check: ({ orders }) =>
    orders
      .filter(({ status, version, history }) => {
        const isCounted = history.every((row, index) => row.version === index + 1) && history.length === version;
        const isLegal = history.every((row, index) => {
          const before = history[index - 1];
          return before === undefined ? row.status === 'pending' : (SUCCESSORS[before.status] ?? []).includes(row.status);
        });
        return !isCounted || !isLegal || history.at(-1)?.status !== status;
      })
      .map(({ id, status, version, history }) => {
        const steps = history.map((row) => `${row.version} ${row.status}`).join(', ');
        return `order ${id} is ${status} at version ${version}, and its history is ${steps || 'empty'}`;
      }),
};

export const allTerminal: Invariant = {
  rule: 'all-terminal',
  says: 'within 60 s of healing nothing is pending, reserved or on its way back',
  check: ({ settled }) => settled.left.map((what) => `${Math.round(settled.tookMs / 1_000)} s after healing there are ${what}`),
};

export const acceptedIsReadable: Invariant = {
  rule: 'accepted-is-readable',
  says: 'every order that was answered 201 or 202 is shown to its owner, with its items',
  check: ({ readings }) => readings.flatMap((reading) => wrongWith(reading).map((what) => `order ${reading.orderId}: ${what}`)),
};

function wrongWith({ seen, userId, wanted }: Reading): string[] {
  if (seen === undefined) return ['its owner does not find it'];
  if (seen.userId !== userId) return [`it belongs to ${seen.userId}, and ${userId} bought it`];
  if (seen.items.length === 0) return ['it has no items'];
  return wanted === undefined || sameItems(wanted, seen.items) ? [] : ['its items are not those that were bought'];
}

function sameItems(one: readonly Item[], other: readonly Item[]): boolean {
  const units = (items: readonly Item[]) => {
    const sums = new Map<string, number>();
    for (const { productId, quantity } of items) sums.set(productId, (sums.get(productId) ?? 0) + quantity);
    return [...sums].map(([id, quantity]) => `${id} ${quantity}`).sort();
  };
  return units(one).join() === units(other).join();
}

/** One key, one order: in the answers a client heard, and in the books. */
export const idempotent: Invariant = {
  rule: 'idempotent',
  says: 'one key gives one order, and every answer to it names that order; whoever was told 201 has an order that was sold',
  check: ({ orders, purchases }) => {
    const byId = new Map(orders.map((order) => [order.id, order]));
    return [...moreThanOneOrder(orders), ...purchases.flatMap((purchase) => contradictions(purchase, byId))];
  },
};

function moreThanOneOrder(orders: readonly OrderFact[]): string[] {
  const byKey = new Map<string, string[]>();
  for (const { id, key } of orders) if (key !== null) byKey.set(key, [...(byKey.get(key) ?? []), id]);
  return [...byKey]
    .filter(([, ids]) => ids.length > 1)
    .map(([key, ids]) => `key ${key} has ${ids.length} orders: ${ids.join(', ')}`);
}

function contradictions({ key, answers }: PurchaseFact, orders: ReadonlyMap<string, OrderFact>): string[] {
  const ids = [...new Set(answers.map(({ orderId }) => orderId).filter((id) => id !== undefined))];
  if (ids.length > 1) return [`key ${key} was answered with ${ids.length} orders: ${ids.join(', ')}`];
  const statuses = new Set(answers.map(({ status }) => status));
  if (!statuses.has(201)) return [];
  if (statuses.has(402)) return [`key ${key} was answered 201 and 402`];
  const order = orders.get(ids[0] ?? '');
  const wasSold = order === undefined || isSold(order) || order.history.some((row) => isSold(row));
  return wasSold ? [] : [`key ${key} was answered 201, and order ${order.id} is ${order.status}`];
}
