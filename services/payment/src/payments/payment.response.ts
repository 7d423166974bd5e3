import type { PaymentResponse } from '@emporium/contracts/payment';
import type { Payment } from './payment.ts';

export const toPaymentResponse = (payment: Payment): PaymentResponse => ({
  id: payment.id,
  orderId: payment.orderId,
  status: isGivenBack(payment) ? 'refunded' : payment.status,
  charged: payment.charged,
  refunded: payment.refunded,
  providerReference: payment.providerReference,
  declineReason: payment.declineReason,
  createdAt: payment.createdAt.toISOString(),
});

const isGivenBack = (payment: Payment): boolean =>
  payment.status === 'succeeded' && payment.refunded.amount === payment.charged.amount;
