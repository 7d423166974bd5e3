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

export const cartTotal = (lines: readonly CartLine[], currency: string): Money =>
  lines.reduce((sum, line) => add(sum, times(line.unitPrice, line.quantity)), zero(lines[0]?.unitPrice.currency ?? currency));
