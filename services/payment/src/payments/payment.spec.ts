import { money } from '@emporium/money';
import { describe, expect, it } from 'vitest';
import {
  contradicts,
  fence,
  isOpen,
  isOtherSum,
  type Outcome,
  openPayment,
  owed,
  type Payment,
  settle,
  tombstone,
} from './payment.ts';

const at = new Date('2026-11-21T12:00:00.000Z');
const later = new Date('2026-11-21T12:01:00.000Z');

const pending = (changes: Partial<Payment> = {}): Payment => ({
  ...openPayment({ id: 'payment', orderId: 'order', userId: 'user', paymentMethod: 'card', amount: money(1_000, 'EUR'), at }),
  ...changes,
});

const success: Outcome = { kind: 'succeeded', reference: 'pi_1', amount: money(1_000, 'EUR') };
const decline: Outcome = { kind: 'declined', reason: 'insufficient_funds', reference: 'pi_1' };

const paid = (changes: Partial<Payment> = {}): Payment => {
  const settlement = settle(pending(), success, later);
  if (settlement === undefined) throw new Error('a pending payment takes a success');
  return { ...settlement.payment, ...changes };
};

describe('a pending payment', () => {
  it('succeeds once, and the order service hears of it', () => {
    const settlement = settle(pending(), success, later);

    expect(settlement).toMatchObject({ charged: true, announce: 'succeeded' });
    expect(settlement?.payment).toMatchObject({ status: 'succeeded', charged: money(1_000, 'EUR'), providerReference: 'pi_1' });
    expect(settle(paid(), success, later)).toBeUndefined();
  });

  it('is declined once, with the reason', () => {
    const settlement = settle(pending(), decline, later);

    expect(settlement?.payment).toMatchObject({ status: 'declined', declineReason: 'insufficient_funds' });
    expect(settlement?.announce).toBe('declined');
    expect(settle({ ...pending(), status: 'declined' }, decline, later)).toBeUndefined();
  });

  it('keeps its success when an older decline comes late', () => {
    expect(settle(paid(), decline, later)).toBeUndefined();
  });

  it('is not settled by silence unless it is fenced', () => {
    expect(settle(pending(), { kind: 'none' }, later)).toBeUndefined();
    expect(settle(pending({ cancelRequestedAt: at }), { kind: 'none' }, later)?.payment.status).toBe('cancelled');
  });
});

describe('a fenced payment', () => {
  it('owes all the money of a late success, and tells nobody of it', () => {
    const settlement = settle(pending({ cancelRequestedAt: at }), success, later);

    expect(settlement).toMatchObject({ charged: true, announce: undefined });
    expect(settlement?.payment.cancelRequestedAt).toEqual(at);
    expect(settlement && owed(settlement.payment)).toEqual(money(1_000, 'EUR'));
  });

  it('is cancelled by a decline', () => {
    const settlement = settle(pending({ cancelRequestedAt: at }), decline, later);

    expect(settlement).toMatchObject({ announce: undefined, payment: { status: 'cancelled' } });
  });

  it('owes only what is neither given back nor on its way', () => {
    const payment = paid({ cancelRequestedAt: at, refunded: money(300, 'EUR'), refunding: money(200, 'EUR') });

    expect(owed(payment)).toEqual(money(500, 'EUR'));
    expect(owed({ ...payment, cancelRequestedAt: null })).toEqual(money(0, 'EUR'));
  });
});

describe('a payment that was given up', () => {
  it.each(['declined', 'cancelled'] as const)('is fenced by a success that comes after it was %s', (status) => {
    const settlement = settle({ ...pending(), status }, success, later);

    expect(settlement?.payment).toMatchObject({ status: 'succeeded', cancelRequestedAt: later });
    expect(settlement?.announce).toBeUndefined();
  });
});

describe('a fence', () => {
  it('stands once, and only where money is or may come', () => {
    expect(fence(pending(), later)?.cancelRequestedAt).toEqual(later);
    expect(fence(paid(), later)?.cancelRequestedAt).toEqual(later);
    expect(fence(pending({ cancelRequestedAt: at }), later)).toBeUndefined();
    expect(fence(pending({ status: 'declined' }), later)).toBeUndefined();
  });

  it('can be there before the payment', () => {
    const stone = tombstone({ id: 'payment', orderId: 'order', currency: 'EUR', at });

    expect(stone).toMatchObject({ status: 'cancelled', cancelRequestedAt: at, amount: money(0, 'EUR') });
    expect(isOpen(stone)).toBe(false);
  });
});

describe('news', () => {
  it('contradicts the books when it tells of a second charge, another currency, or money nobody asked for', () => {
    expect(contradicts(pending(), success)).toBe(false);
    expect(contradicts(pending(), { ...success, amount: money(1_000, 'USD') })).toBe(true);
    expect(contradicts(pending(), { ...success, amount: money(0, 'EUR') })).toBe(true);
    expect(contradicts(pending({ userId: null }), success)).toBe(true);
    expect(contradicts(paid(), success)).toBe(false);
    expect(contradicts(paid(), { ...success, amount: money(999, 'EUR') })).toBe(true);
    expect(contradicts(paid(), { ...success, reference: 'pi_2' })).toBe(true);
    expect(contradicts(paid(), decline)).toBe(false);
  });

  it('of another sum books what was taken and raises the fence, so that all of it goes back', () => {
    const shorter = { ...success, amount: money(999, 'EUR') };

    expect([isOtherSum(pending(), shorter), isOtherSum(pending(), success), isOtherSum(paid(), shorter)]).toEqual([
      ...[true, false, false],
    ]);
    const settlement = settle(pending(), shorter, at);

    expect(settlement).toMatchObject({ charged: true, announce: undefined });
    expect(settlement?.payment).toMatchObject({ status: 'succeeded', charged: money(999, 'EUR'), cancelRequestedAt: at });
    expect(owed(settlement?.payment as Payment)).toEqual(money(999, 'EUR'));
  });
});
