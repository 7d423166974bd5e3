import { AppError } from '@emporium/errors';

export const refundExceedsCharge = (orderId: string) =>
  new AppError('conflict', 'refund-exceeds-charge', `Order ${orderId} has less money left to give back than asked for.`);

export const refundIdReused = (refundId: string) =>
  new AppError('conflict', 'refund-id-reused', `Refund ${refundId} was ordered with another order or amount.`);

export const refundFailed = (refundId: string, reason: string) =>
  new AppError('conflict', 'refund-failed', `The provider refused refund ${refundId}: ${reason}.`);

export const nothingToRefund = (orderId: string) =>
  new AppError('not-found', 'payment-not-found', `Order ${orderId} has no payment.`);
