import { z } from 'zod';
import { id, money } from '../primitives.ts';

/** Products and pieces wanted. */
export const wantedItem = z.strictObject({ productId: id, quantity: z.int().min(1).max(4950) });
export type WantedItem = z.infer<typeof wantedItem>;
const items = z.array(wantedItem).min(1).max(50);

/** Body of POST /internal/quotes. */
export const quoteRequest = z.strictObject({ items });
export type QuoteRequest = z.infer<typeof quoteRequest>;

/** Today's name and price of each wanted product, in the order asked. */
export const quoteResponse = z.object({
  lines: z.array(z.object({ productId: id, name: z.string(), quantity: z.int(), unitPrice: money })),
});
export type QuoteResponse = z.infer<typeof quoteResponse>;

/** Body of PUT /internal/reservations/{orderId}. */
export const reserveRequest = z.strictObject({ items });
export type ReserveRequest = z.infer<typeof reserveRequest>;

/** The reservation of one order. */
export const reservationResponse = z.object({
  orderId: id,
  status: z.enum(['reserved', 'committed', 'released', 'returned']),
});
export type ReservationResponse = z.infer<typeof reservationResponse>;
