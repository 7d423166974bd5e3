import { add, type Money, times, zero } from '@emporium/money';
import { cartIsFull } from './cart.errors.ts';

export interface CartItem {
  readonly productId: string;
  readonly quantity: number;
}

export interface CartLine extends CartItem {
  readonly name: string;
  readonly unitPrice: Money;
}

/** As many different products as an order may have lines. */
const largestCart = 50;

export function checkRoom(items: readonly CartItem[], productId: string): void {
  const others = items.filter((item) => item.productId !== productId);
  if (others.length >= largestCart) throw cartIsFull(largestCart);
}

/** What of `items` can be added to a cart: nothing that is in it already, and no more than it holds. */
export function missingFrom(present: readonly CartItem[], items: readonly CartItem[]): CartItem[] {
  const known = new Set(present.map(({ productId }) => productId));
  return items.filter(({ productId }) => !known.has(productId)).slice(0, Math.max(0, largestCart - present.length));
}

/** The cart with the item in it: where it was, or at the end. */
export function withItem(items: readonly CartItem[], wanted: CartItem): CartItem[] {
  const isIn = items.some(({ productId }) => productId === wanted.productId);
  return isIn ? items.map((item) => (item.productId === wanted.productId ? wanted : item)) : [...items, wanted];
}

/** Whether both hold the same products as often, in whatever order. */
export const isSame = (one: readonly CartItem[], other: readonly CartItem[]): boolean =>
  one.length === other.length &&
  one.every((item) => other.some((line) => line.productId === item.productId && line.quantity === item.quantity));

export const cartTotal = (lines: readonly CartLine[], currency: string): Money =>
  lines.reduce((sum, line) => add(sum, times(line.unitPrice, line.quantity)), zero(lines[0]?.unitPrice.currency ?? currency));
