import { AppError, toProblem } from '@emporium/errors';
import { toResponse } from '../orders/order.response.ts';
import type { Order, RejectReason } from '../orders/order.ts';
import type { Answer } from './checkout.service.ts';

const refusals: Record<RejectReason, () => AppError> = {
  out_of_stock: () => new AppError('conflict', 'out-of-stock', 'There are not enough pieces left of a product you want.'),
  payment_declined: () => new AppError('payment-declined', 'payment-declined', 'The payment was declined. Nothing was charged.'),
  payment_cancelled: () => new AppError('conflict', 'order-rejected', 'The payment was cancelled. Nothing is charged.'),
  stock_lost: () =>
    new AppError('conflict', 'out-of-stock', 'The pieces set aside were gone before the payment came. It is refunded.'),
  deadline: () => new AppError('conflict', 'order-rejected', 'The order could not be finished in time. Nothing is charged.'),
};

/** What the client is told of its order: 201 bought, 202 still at work, 402 declined, 409 out of stock. */
export function answerOf(order: Order, context: { instance: string; requestId: string }): Answer {
  if (order.status === 'pending') return { status: 202, body: toResponse(order) };
  if (order.rejectReason === null) return { status: 201, body: toResponse(order) };

  const refusal = toProblem(refusals[order.rejectReason](), context);
  return { status: refusal.status, body: { ...refusal, orderId: order.id } };
}
