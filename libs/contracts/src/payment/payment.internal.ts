import { z } from 'zod';
import { id, line, positiveMoney } from '../primitives.ts';

/** Body of PUT /internal/payments/{orderId}: charge this order once, however often it is asked. */
export const chargeRequest = z.strictObject({ userId: id, amount: positiveMoney, paymentMethod: z.string().min(1).max(120) });
export type ChargeRequest = z.infer<typeof chargeRequest>;

/** Body of POST /internal/payments/{orderId}/cancel: keep no money for this order. */
export const cancelPaymentRequest = z.strictObject({ reason: line(200) });
export type CancelPaymentRequest = z.infer<typeof cancelPaymentRequest>;

/** Body of POST /internal/payments/{orderId}/refunds; `refundId` makes it repeatable. */
export const refundRequest = z.strictObject({ refundId: id, amount: positiveMoney, reason: line(200) });
export type RefundRequest = z.infer<typeof refundRequest>;

/** One refund. */
export const refundResponse = z.object({ refundId: id, status: z.enum(['pending', 'succeeded', 'failed']) });
export type RefundResponse = z.infer<typeof refundResponse>;
