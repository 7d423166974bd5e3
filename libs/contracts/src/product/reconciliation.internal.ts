import { z } from 'zod';
import { difference } from '../difference.ts';
import { cursor, id, moment } from '../primitives.ts';

/** Query of GET /internal/reconciliation/reservations: which were sold or undone from `since` to before `until`. */
export const movedReservationsQuery = z.object({ since: moment, until: moment, cursor: cursor.optional() });
export type MovedReservationsQuery = z.infer<typeof movedReservationsQuery>;

export const movedReservationsResponse = z.object({
  orderIds: z.array(id),
  productIds: z.array(id),
  nextCursor: z.string().nullable(),
});
export type MovedReservationsResponse = z.infer<typeof movedReservationsResponse>;

/** Body of POST /internal/reconciliation/reservations: where the reservations of these orders stand. */
export const reservationsRequest = z.strictObject({ orderIds: z.array(id).min(1).max(200) });
export type ReservationsRequest = z.infer<typeof reservationsRequest>;

/** `forgottenBefore`: of sales made before this moment there may be no reservation any more. */
export const reservationsResponse = z.object({
  reservations: z.array(
    z.object({
      orderId: id,
      status: z.enum(['reserved', 'refused', 'committed', 'released', 'returned']),
      items: z.array(z.object({ productId: id, quantity: z.int() })),
      updatedAt: moment,
    }),
  ),
  forgottenBefore: moment,
});
export type ReservationsResponse = z.infer<typeof reservationsResponse>;

/** Body of POST /internal/reconciliation/stock: compare the books of these products with the reservations they come from. */
export const compareStockRequest = z.strictObject({ productIds: z.array(id).min(1).max(100) });
export type CompareStockRequest = z.infer<typeof compareStockRequest>;

/** Answer of it, and of POST /internal/reconciliation/overdue, which releases reservations that the clock should have released. */
export const stockDifferencesResponse = z.object({ differences: z.array(difference) });
export type StockDifferencesResponse = z.infer<typeof stockDifferencesResponse>;
