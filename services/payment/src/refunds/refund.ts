import type { Money } from '@emporium/money';

export type RefundStatus = 'pending' | 'succeeded' | 'failed';

/** Money on its way back. `succeeded`: the provider took the order to pay it back. */
export interface Refund {
  readonly id: string;
  readonly paymentId: string;
  readonly orderId: string;
  /** The charge at the provider that it takes from. */
  readonly chargeReference: string;
  readonly amount: Money;
  readonly reason: string;
  readonly status: RefundStatus;
  readonly failureReason: string | null;
}

/** What a refund is ordered with; the id makes it repeatable. */
export interface RefundOrder {
  readonly refundId: string;
  readonly orderId: string;
  readonly amount: Money;
  readonly reason: string;
}

export const isSameRefund = (refund: Refund, order: RefundOrder): boolean =>
  refund.orderId === order.orderId &&
  refund.amount.amount === order.amount.amount &&
  refund.amount.currency === order.amount.currency;

export const settleRefundKey = (refundId: string): string => `settle-refund:${refundId}`;
