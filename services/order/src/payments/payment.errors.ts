import { AppError } from '@emporium/errors';

export const paymentUndecided = (orderId: string) =>
  new AppError('unavailable', 'payment-undecided', `It is not known yet whether the payment of order ${orderId} succeeded.`);

export const paymentCancelled = (orderId: string) =>
  new AppError('conflict', 'payment-cancelled', `The payment of order ${orderId} was cancelled; it cannot be charged.`);
