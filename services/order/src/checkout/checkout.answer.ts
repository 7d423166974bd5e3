import { AppError } from '@emporium/errors';
import { toResponse } from '../orders/order.response.ts';
import type { Order, RejectReason } from '../orders/order.ts';
import { type KeptAnswer, refusalOf } from '../orders/repeatable.answer.ts';

type Refusal = ConstructorParameters<typeof AppError>;

const refusals: Record<RejectReason, Refusal> = {
  out_of_stock: ['conflict', 'out-of-stock', 'There are not enough pieces left of a product you want.'],
  payment_declined: ['payment-declined', 'payment-declined', 'The payment was declined. Nothing was charged.'],
  payment_cancelled: ['conflict', 'order-rejected', 'The payment was cancelled. Nothing is charged.'],
  stock_lost: ['conflict', 'out-of-stock', 'The pieces set aside were gone before the payment came. It is refunded.'],
  deadline: ['conflict', 'order-rejected', 'The order could not be finished in time. Nothing is charged.'],
};

/** What the client is told of its order: 201 bought, 202 still at work, 402 declined, 409 out of stock. */
export function answerOf(order: Order): KeptAnswer {
  if (order.status === 'pending') return { status: 202, body: toResponse(order) };
  if (order.rejectReason === null) return { status: 201, body: toResponse(order) };

  const [kind, code, message] = refusals[order.rejectReason];
  return refusalOf(new AppError(kind, code, message, { extensions: { orderId: order.id } }), '/v1/orders');
}
