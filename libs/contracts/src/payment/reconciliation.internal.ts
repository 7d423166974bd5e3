import { z } from 'zod';
import { difference } from '../difference.ts';
import { cursor, id, moment, money } from '../primitives.ts';

/** Body of POST /internal/reconciliation/statement: take in one page of what the provider says happened from `since` to before `until`. */
export const takeStatementRequest = z.strictObject({
  of: z.enum(['charges', 'refunds']),
  since: moment,
  until: moment,
  cursor: z.string().min(1).max(255).optional(),
});
export type TakeStatementRequest = z.infer<typeof takeStatementRequest>;

/** `taken`: lines about our orders. `foreign`: lines that carry no order of ours. */
export const takeStatementResponse = z.object({ taken: z.int(), foreign: z.int(), nextCursor: z.string().nullable() });
export type TakeStatementResponse = z.infer<typeof takeStatementResponse>;

/**
 * Query of GET /internal/reconciliation/orders: whose money moved from `since` to before `until`, in our books or at the provider;
 * `open`: whose money is still under way, whenever that began.
 */
export const ordersWithMoneyQuery = z.object({
  in: z.enum(['payments', 'statement', 'open']),
  since: moment,
  until: moment,
  cursor: cursor.optional(),
});
export type OrdersWithMoneyQuery = z.infer<typeof ordersWithMoneyQuery>;

export const ordersWithMoneyResponse = z.object({ orderIds: z.array(id), nextCursor: z.string().nullable() });
export type OrdersWithMoneyResponse = z.infer<typeof ordersWithMoneyResponse>;

/** Body of POST /internal/reconciliation/compare. Without the provider: when its statement could not be taken. */
export const comparePaymentsRequest = z.strictObject({
  orderIds: z.array(id).min(1).max(200),
  until: moment,
  withProvider: z.boolean(),
});
export type ComparePaymentsRequest = z.infer<typeof comparePaymentsRequest>;

/** `moving`: orders whose money changed at or after `until`; nothing is said about them now. */
export const comparePaymentsResponse = z.object({
  payments: z.array(
    z.object({
      orderId: id,
      status: z.enum(['pending', 'succeeded', 'declined', 'cancelled']),
      charged: money,
      refunded: money,
    }),
  ),
  moving: z.array(id),
  differences: z.array(difference),
});
export type ComparePaymentsResponse = z.infer<typeof comparePaymentsResponse>;
