import type { Page } from '@emporium/contracts';
import type { OrderResponse } from '@emporium/contracts/order';
import { toCursor } from './order.cursor.ts';
import { toResponse } from './order.response.ts';
import type { Order } from './order.ts';

/** One order more than `limit` was asked for: whether it is there says whether there is a next page. */
export function toPage(orders: readonly Order[], limit: number): Page<OrderResponse> {
  const shown = orders.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map(toResponse),
    nextCursor: orders.length > limit && last !== undefined ? toCursor(last) : null,
  };
}
