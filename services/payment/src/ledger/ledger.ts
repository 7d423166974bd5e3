import { add, type Money, negate, zero } from '@emporium/money';
import { transactionDoesNotBalance } from './ledger.errors.ts';

/** `provider_clearing`: what the provider holds for us. `sales` and `refunds` are the other sides of a charge and of a refund. */
export type Account = 'provider_clearing' | 'sales' | 'refunds';

export type LedgerReason = 'charge' | 'refund' | 'refund-reversed';

export interface Posting {
  readonly account: Account;
  readonly amount: Money;
}

/** One movement of money: its postings sum to zero. */
export interface LedgerTransaction {
  readonly paymentId: string;
  readonly orderId: string;
  readonly reason: LedgerReason;
  /** The payment of a charge, the refund of a refund: the same one is never booked twice. */
  readonly sourceId: string;
  readonly postings: readonly Posting[];
}

/** One posting as it was written. */
export interface LedgerEntry extends Posting {
  readonly id: string;
  readonly position: string;
  readonly orderId: string;
  readonly paymentId: string;
  readonly reason: LedgerReason;
  readonly at: Date;
}

export interface Balance {
  readonly account: string;
  readonly currency: string;
  readonly balance: number;
}

interface Of {
  readonly paymentId: string;
  readonly orderId: string;
  readonly sourceId: string;
}

const transaction = (of: Of, reason: LedgerReason, postings: Posting[]) => balanced({ ...of, reason, postings });

export const chargeTaken = (of: Of, amount: Money): LedgerTransaction =>
  transaction(of, 'charge', [
    { account: 'provider_clearing', amount },
    { account: 'sales', amount: negate(amount) },
  ]);

export const refundGiven = (of: Of, amount: Money): LedgerTransaction =>
  transaction(of, 'refund', [
    { account: 'provider_clearing', amount: negate(amount) },
    { account: 'refunds', amount },
  ]);

/** The bank did not take a refund that the provider had accepted: the money is back with us. */
export const refundReversed = (of: Of, amount: Money): LedgerTransaction =>
  transaction(of, 'refund-reversed', [
    { account: 'provider_clearing', amount },
    { account: 'refunds', amount: negate(amount) },
  ]);

/** Refuses postings that do not sum to zero; the database refuses them once more at commit. */
export function balanced(draft: LedgerTransaction): LedgerTransaction {
  const [first] = draft.postings;
  if (first === undefined) throw transactionDoesNotBalance(draft.sourceId);
  const sum = draft.postings.reduce((total, posting) => add(total, posting.amount), zero(first.amount.currency));
  if (sum.amount !== 0) throw transactionDoesNotBalance(draft.sourceId);
  return draft;
}
