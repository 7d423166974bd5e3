import { AppError } from '@emporium/errors';

export const paymentCancelled = (orderId: string) =>
  new AppError('conflict', 'payment-cancelled', `The payment of order ${orderId} was cancelled; it cannot be charged.`);

export const paymentDiffers = (orderId: string) =>
  new AppError('conflict', 'payment-differs', `Order ${orderId} has a payment with another amount, customer or payment method.`);

export const paymentInProgress = (orderId: string) =>
  new AppError('unavailable', 'payment-in-progress', `The payment of order ${orderId} is being made; ask again.`, {
    retryAfterSeconds: 1,
  });

export const cancelInProgress = (orderId: string) =>
  new AppError('unavailable', 'payment-cancel-in-progress', `The money of order ${orderId} is on its way back; ask again.`, {
    retryAfterSeconds: 1,
  });

export const paymentNotFound = (orderId: string) =>
  new AppError('not-found', 'payment-not-found', `Order ${orderId} has no payment.`);
