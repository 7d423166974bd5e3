import { add, type Money, times, zero } from '@emporium/money';
import { orderCannotBecome, orderIsEmpty, orderTooLarge } from './order.errors.ts';

export type OrderStatus = 'pending' | 'confirmed' | 'rejected' | 'cancelled' | 'shipped' | 'delivered';

/** Why an order ended without a sale. */
export type RejectReason = 'out_of_stock' | 'payment_declined' | 'payment_cancelled' | 'stock_lost' | 'deadline';

export interface ShippingAddress {
  readonly name: string;
  readonly line1: string;
  readonly line2?: string | undefined;
  readonly city: string;
  readonly postalCode: string;
  readonly country: string;
}

export interface OrderLine {
  readonly productId: string;
  readonly name: string;
  readonly quantity: number;
  readonly unitPrice: Money;
}

export interface OrderChange {
  readonly status: OrderStatus;
  readonly version: number;
  readonly at: Date;
  readonly cause: string;
}

export interface Order {
  readonly id: string;
  readonly userId: string;
  readonly status: OrderStatus;
  readonly version: number;
  readonly lines: readonly OrderLine[];
  readonly total: Money;
  readonly shippingAddress: ShippingAddress;
  readonly paymentMethod: string;
  readonly fromCart: boolean;
  readonly rejectReason: RejectReason | null;
  readonly deadlineAt: Date;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly history: readonly OrderChange[];
}

/** Stripe's largest amount: eight digits of minor units (docs.stripe.com/currencies, minimum and maximum charge amounts). */
const largestTotal = 99_999_999;

type Draft = Pick<
  Order,
  'id' | 'userId' | 'lines' | 'shippingAddress' | 'paymentMethod' | 'fromCart' | 'createdAt' | 'deadlineAt'
>;

/** The lines carry the product service's prices, never the customer's. */
export function placeOrder(draft: Draft): Order {
  const [first] = draft.lines;
  if (first === undefined) throw orderIsEmpty();
  const total = draft.lines.reduce((sum, line) => add(sum, lineTotal(line)), zero(first.unitPrice.currency));
  if (total.amount > largestTotal) throw orderTooLarge(largestTotal);

  return {
    ...draft,
    total,
    status: 'pending',
    version: 1,
    rejectReason: null,
    updatedAt: draft.createdAt,
    history: [{ status: 'pending', version: 1, at: draft.createdAt, cause: 'placed' }],
  };
}

export const lineTotal = (line: OrderLine): Money => times(line.unitPrice, line.quantity);

const allowed: Record<OrderStatus, readonly OrderStatus[]> = {
  pending: ['confirmed', 'rejected'],
  confirmed: ['cancelled', 'shipped'],
  shipped: ['delivered'],
  rejected: [],
  cancelled: [],
  delivered: [],
};

interface Change {
  readonly to: OrderStatus;
  readonly cause: string;
  readonly at: Date;
  readonly rejectReason?: RejectReason;
}

/** The order one step further in its life; the cause goes into its history. */
export function become(order: Order, change: Change): Order {
  if (!allowed[order.status].includes(change.to)) throw orderCannotBecome(order.id, order.status, change.to);
  const version = order.version + 1;
  return {
    ...order,
    status: change.to,
    version,
    rejectReason: change.rejectReason ?? null,
    updatedAt: change.at,
    history: [...order.history, { status: change.to, version, at: change.at, cause: change.cause }],
  };
}

interface WantedItem {
  readonly productId: string;
  readonly quantity: number;
}

/** The same product on two lines is one line: two conditional updates of one row could both pass where their sum must not. */
export function addUp(items: readonly WantedItem[]): WantedItem[] {
  const quantities = new Map<string, number>();
  for (const { productId, quantity } of items) {
    const key = productId.toLowerCase();
    quantities.set(key, (quantities.get(key) ?? 0) + quantity);
  }
  return [...quantities].map(([productId, quantity]) => ({ productId, quantity }));
}
