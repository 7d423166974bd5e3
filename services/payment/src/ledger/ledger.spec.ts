import { money } from '@emporium/money';
import { describe, expect, it } from 'vitest';
import { balanced, chargeTaken, refundGiven, refundReversed } from './ledger.ts';

const of = { paymentId: 'payment', orderId: 'order', sourceId: 'source' };
const amount = money(1_000, 'EUR');

describe('a ledger transaction', () => {
  it.each([
    ['charge', chargeTaken, 1_000],
    ['refund', refundGiven, -1_000],
    ['refund-reversed', refundReversed, 1_000],
  ] as const)('of a %s moves provider_clearing and sums to zero', (reason, make, moved) => {
    const transaction = make(of, amount);

    expect(transaction.reason).toBe(reason);
    expect(transaction.postings.find((posting) => posting.account === 'provider_clearing')?.amount.amount).toBe(moved);
    expect(transaction.postings.reduce((sum, posting) => sum + posting.amount.amount, 0)).toBe(0);
  });

  it('is refused when it does not sum to zero, or is empty', () => {
    const lopsided = { ...of, reason: 'charge' as const, postings: [{ account: 'sales' as const, amount }] };

    expect(() => balanced(lopsided)).toThrow(expect.objectContaining({ code: 'ledger-does-not-balance' }));
    expect(() => balanced({ ...lopsided, postings: [] })).toThrow(expect.objectContaining({ code: 'ledger-does-not-balance' }));
  });
});
