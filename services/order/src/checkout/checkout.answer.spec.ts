import { runInContext } from '@emporium/telemetry';
import { describe, expect, it } from 'vitest';
import { become, type Order, placeOrder, type RejectReason } from '../orders/order.ts';
import { answerOf } from './checkout.answer.ts';

const at = new Date('2026-01-01T00:00:00Z');
const pending = placeOrder({
  id: '0a7f7b1e-2b1f-4a52-9a1f-0f6a2f1f0002',
  userId: '0a7f7b1e-2b1f-4a52-9a1f-0f6a2f1f0003',
  lines: [
    { productId: '0a7f7b1e-2b1f-4a52-9a1f-0f6a2f1f0001', name: 'Lamp', quantity: 1, unitPrice: { amount: 1, currency: 'EUR' } },
  ],
  shippingAddress: { name: 'Ada', line1: 'Street 1', city: 'London', postalCode: 'SW1', country: 'GB' },
  paymentMethod: 'pm_card_visa',
  fromCart: false,
  createdAt: at,
  deadlineAt: at,
});
const rejected = (rejectReason: RejectReason): Order =>
  become(pending, { to: 'rejected', cause: rejectReason, at, rejectReason });

describe('the answer of a purchase', () => {
  it('is 202 while the order is pending and 201 once it is confirmed', () => {
    const confirmed = become(pending, { to: 'confirmed', cause: 'paid', at });

    expect(answerOf(pending)).toMatchObject({ status: 202, body: { status: 'pending' } });
    expect(answerOf(confirmed)).toMatchObject({ status: 201, body: { status: 'confirmed', version: 2 } });
  });

  it.each([
    ['out_of_stock', 409, 'out-of-stock'],
    ['stock_lost', 409, 'out-of-stock'],
    ['payment_declined', 402, 'payment-declined'],
    ['payment_cancelled', 409, 'order-rejected'],
    ['deadline', 409, 'order-rejected'],
  ] as const)('of an order rejected for %s is a problem with status %i', (reason, status, code) => {
    const answer = runInContext({ requestId: 'r1' }, () => answerOf(rejected(reason)));

    expect(answer.status).toBe(status);
    expect(answer.body).toMatchObject({ status, code, orderId: pending.id, instance: '/v1/orders', requestId: 'r1' });
  });
});
