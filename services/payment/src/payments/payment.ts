import { equals, type Money, money } from '@emporium/money';

export type PaymentStatus = 'pending' | 'succeeded' | 'declined' | 'cancelled';

/** One order's money. Amounts of one payment share `currency` and are minor units. */
export interface Payment {
  readonly id: string;
  readonly orderId: string;
  /** Null, like the payment method, for an order cancelled before anyone asked for its money. */
  readonly userId: string | null;
  readonly paymentMethod: string | null;
  readonly amount: Money;
  readonly status: PaymentStatus;
  /** The fence: set, no money is kept for the order. */
  readonly cancelRequestedAt: Date | null;
  readonly charged: Money;
  /** Promised to refunds whose outcome is not known yet. */
  readonly refunding: Money;
  readonly refunded: Money;
  readonly providerReference: string | null;
  readonly declineReason: string | null;
  readonly createdAt: Date;
}

/** What became of the charge. `none`: it never reached the provider, and never can. */
export type Outcome =
  | { readonly kind: 'succeeded'; readonly reference: string; readonly amount: Money }
  | { readonly kind: 'declined'; readonly reason: string; readonly reference: string | null }
  | { readonly kind: 'none' };

/** News that cannot be about our charge: one that nobody asked for, a second one, or another currency. Nobody may book it unseen. */
export const contradicts = (payment: Payment, outcome: Outcome): boolean => {
  if (outcome.kind !== 'succeeded') return false;
  const { amount, currency } = outcome.amount;
  if (payment.userId === null || amount <= 0 || currency !== payment.amount.currency) return true;
  return payment.charged.amount > 0 && (payment.providerReference !== outcome.reference || payment.charged.amount !== amount);
};

/** The provider says that it took another sum than it was asked for. */
export const isOtherSum = (payment: Payment, outcome: Outcome): boolean =>
  outcome.kind === 'succeeded' && payment.charged.amount === 0 && !equals(outcome.amount, payment.amount);

/** What an outcome makes of a payment, and what must happen with it. */
export interface Settlement {
  readonly payment: Payment;
  /** The charge is new to us and goes into the ledger. */
  readonly charged: boolean;
  /** The order service waits for this word. */
  readonly announce: 'succeeded' | 'declined' | undefined;
}

/**
 * The one step every source of news comes to: the direct answer, a webhook, the recovery job. Undefined: nothing new.
 * A success always counts, even after the payment was given up or with another sum; the fence then sends the money back.
 */
export function settle(payment: Payment, outcome: Outcome, at: Date): Settlement | undefined {
  switch (outcome.kind) {
    case 'succeeded': {
      if (payment.charged.amount > 0) return undefined;
      const wanted = payment.status === 'pending' && payment.cancelRequestedAt === null && !isOtherSum(payment, outcome);
      return {
        payment: {
          ...payment,
          status: 'succeeded',
          charged: outcome.amount,
          providerReference: outcome.reference,
          declineReason: null,
          cancelRequestedAt: wanted ? null : (payment.cancelRequestedAt ?? at),
        },
        charged: true,
        announce: wanted ? 'succeeded' : undefined,
      };
    }
    case 'declined': {
      if (payment.status !== 'pending') return undefined;
      const fenced = payment.cancelRequestedAt !== null;
      return {
        payment: {
          ...payment,
          status: fenced ? 'cancelled' : 'declined',
          providerReference: outcome.reference,
          declineReason: outcome.reason,
        },
        charged: false,
        announce: fenced ? undefined : 'declined',
      };
    }
    case 'none': {
      if (payment.status !== 'pending' || payment.cancelRequestedAt === null) return undefined;
      return { payment: { ...payment, status: 'cancelled' }, charged: false, announce: undefined };
    }
  }
}

/** From now on no money is kept. Undefined: there is none and can be none, or the fence stands already. */
export function fence(payment: Payment, at: Date): Payment | undefined {
  if (payment.cancelRequestedAt !== null || payment.status === 'declined' || payment.status === 'cancelled') return undefined;
  return { ...payment, cancelRequestedAt: at };
}

/** Whether somebody must still ask the provider about the charge. */
export const isOpen = (payment: Payment): boolean => payment.status === 'pending';

/** What a fenced payment still has to give back, beyond the refunds under way. */
export function owed(payment: Payment): Money {
  const kept = payment.charged.amount - payment.refunded.amount - payment.refunding.amount;
  return money(payment.cancelRequestedAt === null ? 0 : kept, payment.charged.currency);
}

/** An order that was cancelled before anyone asked for its money: a charge that comes late meets this. */
export function tombstone(draft: { id: string; orderId: string; currency: string; at: Date }): Payment {
  const nothing = money(0, draft.currency);
  return {
    id: draft.id,
    orderId: draft.orderId,
    userId: null,
    paymentMethod: null,
    amount: nothing,
    status: 'cancelled',
    cancelRequestedAt: draft.at,
    charged: nothing,
    refunding: nothing,
    refunded: nothing,
    providerReference: null,
    declineReason: null,
    createdAt: draft.at,
  };
}

export function openPayment(draft: {
  id: string;
  orderId: string;
  userId: string;
  paymentMethod: string;
  amount: Money;
  at: Date;
}): Payment {
  return {
    ...tombstone({ ...draft, currency: draft.amount.currency }),
    userId: draft.userId,
    paymentMethod: draft.paymentMethod,
    amount: draft.amount,
    status: 'pending',
    cancelRequestedAt: null,
  };
}

export const settlePaymentKey = (orderId: string): string => `settle-payment:${orderId}`;
