import { describe, expect, it } from 'vitest';
import { disagreements, type OrderFacts, type PaymentFacts, type ReservationFacts, type Views } from './disagreement.ts';

const now = new Date('2026-01-02T10:00:00Z');
const eur = (amount: number) => ({ amount, currency: 'EUR' });
const lines = [
  { productId: 'a', quantity: 1 },
  { productId: 'b', quantity: 2 },
];
const order = (changes: Partial<OrderFacts> = {}): OrderFacts => ({
  id: 'o1',
  status: 'confirmed',
  total: eur(1_000),
  lines,
  deadlineAt: new Date('2026-01-02T09:59:00Z'),
  recoverAt: null,
  createdAt: new Date('2026-01-02T09:49:00Z'),
  updatedAt: new Date('2026-01-02T09:50:00Z'),
  ...changes,
});
const payment = (changes: Partial<PaymentFacts> = {}): PaymentFacts => ({
  status: 'succeeded',
  charged: eur(1_000),
  refunded: eur(0),
  ...changes,
});
const reservation = (changes: Partial<ReservationFacts> = {}): ReservationFacts => ({ status: 'committed', lines, ...changes });
const nothing = { status: 'cancelled', charged: eur(0), refunded: eur(0) } as const;

const found = (views: Partial<Views>, { advances = true, forgottenBefore = new Date('2025-10-01T00:00:00Z') } = {}) =>
  disagreements(
    'o1',
    { order: order(), payment: payment(), reservation: reservation(), ...views },
    { now, forgottenBefore, advances },
  ).map(({ kind, repair }) => (repair === undefined ? kind : `${kind}, ${repair}`));

describe('three views of a purchase', () => {
  it.each(['confirmed', 'shipped', 'delivered'] as const)('agree on a sale that is %s', (status) => {
    expect(found({ order: order({ status }) })).toEqual([]);
    expect(found({ order: order({ status }), reservation: reservation({ lines: [...lines].reverse() }) })).toEqual([]);
    expect(found({ order: order({ status }), payment: payment({ refunded: eur(1_000) }) })).toEqual([]);
  });

  it.each([
    ['no payment', undefined],
    ['a declined payment', payment({ status: 'declined', charged: eur(0) })],
    ['an open payment', payment({ status: 'pending', charged: eur(0) })],
    ['a cancelled payment', payment({ status: 'cancelled', refunded: eur(1_000) })],
    ['another amount', payment({ charged: eur(999) })],
    ['another currency', payment({ charged: { amount: 1_000, currency: 'USD' } })],
  ])('disagree on a sale with %s', (_, paid) => {
    expect(found({ payment: paid })).toEqual(['order-not-paid']);
  });

  it.each([
    ['no reservation', undefined],
    ['units that are only reserved', reservation({ status: 'reserved' })],
    ['units that were released', reservation({ status: 'released' })],
    ['units that came back', reservation({ status: 'returned' })],
    ['units it never got', reservation({ status: 'refused', lines: [] })],
  ])('disagree on a sale with %s', (_, units) => {
    expect(found({ reservation: units })).toEqual(['order-without-units']);
  });

  it.each([
    [
      'more',
      [
        { productId: 'a', quantity: 1 },
        { productId: 'b', quantity: 3 },
      ],
    ],
    ['fewer', [{ productId: 'a', quantity: 1 }]],
    [
      'other',
      [
        { productId: 'a', quantity: 1 },
        { productId: 'c', quantity: 2 },
      ],
    ],
  ])('disagree on a sale with %s units than were ordered', (_, taken) => {
    expect(found({ reservation: reservation({ lines: taken }) })).toEqual(['units-differ']);
  });

  it('forgive the product service that it has forgotten an old sale', () => {
    const old = order({ createdAt: new Date('2025-09-30T23:59:00Z') });

    expect(found({ order: old, reservation: undefined })).toEqual([]);
    expect(found({ order: old, reservation: reservation({ status: 'returned' }) })).toEqual(['order-without-units']);
  });

  it.each(['rejected', 'cancelled'] as const)('agree on an order that is %s and holds nothing', (status) => {
    for (const units of [undefined, 'released', 'returned', 'refused'] as const) {
      const held = units && reservation({ status: units });
      expect(found({ order: order({ status }), payment: undefined, reservation: held })).toEqual([]);
      expect(found({ order: order({ status }), payment: nothing, reservation: held })).toEqual([]);
      expect(found({ order: order({ status }), payment: payment({ refunded: eur(1_000) }), reservation: held })).toEqual([]);
    }
  });

  it.each([
    ['money', payment(), undefined, ['money-kept, compensate']],
    ['some money', payment({ refunded: eur(999) }), undefined, ['money-kept, compensate']],
    ['money that may still come', payment({ status: 'pending', charged: eur(0) }), undefined, ['money-kept, compensate']],
    ['units', nothing, reservation(), ['units-kept, compensate']],
    ['reserved units', nothing, reservation({ status: 'reserved' }), ['units-kept, compensate']],
    ['both', payment(), reservation(), ['money-kept, compensate', 'units-kept, compensate']],
  ])('disagree on an order that ended and holds %s', (_, paid, units, kinds) => {
    for (const status of ['rejected', 'cancelled'] as const) {
      expect(found({ order: order({ status }), payment: paid, reservation: units })).toEqual(kinds);
    }
  });

  it('leave a pending order to its job, which it must have, until long after its deadline', () => {
    const pending = order({ status: 'pending' });
    const overdue = order({ status: 'pending', deadlineAt: new Date('2026-01-02T09:54:59Z') });

    expect(found({ order: pending })).toEqual([]);
    expect(found({ order: pending }, { advances: false })).toEqual(['order-stuck, advance']);
    expect(found({ order: overdue })).toEqual(['order-overdue']);
  });

  it('disagree when there is money or there are units, and no order', () => {
    expect(found({ order: undefined })).toEqual(['payment-without-order', 'reservation-without-order']);
    expect(found({ order: undefined, payment: nothing, reservation: reservation({ status: 'released' }) })).toEqual([
      'payment-without-order',
    ]);
    expect(found({ order: undefined, payment: undefined, reservation: undefined })).toEqual([]);
  });
});
