import { z } from 'zod';
import { cursor, id, integerText, moment, money, pageOf } from '../primitives.ts';

/**
 * `pending`: the provider has not said yet; `succeeded`: charged; `declined`: the provider refused;
 * `cancelled`: no money is kept for the order, whatever was captured is refunded; `refunded`: charged and given back in full.
 */
export const paymentStatus = z.enum(['pending', 'succeeded', 'declined', 'cancelled', 'refunded']);
export type PaymentStatus = z.infer<typeof paymentStatus>;

/** One order's payment. */
export const paymentResponse = z.object({
  id,
  orderId: id,
  status: paymentStatus,
  charged: money,
  refunded: money,
  providerReference: z.string().nullable(),
  declineReason: z.string().nullable(),
  createdAt: moment,
});
export type PaymentResponse = z.infer<typeof paymentResponse>;
export const paymentListResponse = pageOf(paymentResponse);

/** Query of GET /v1/admin/payments. */
export const paymentListQuery = z.object({
  orderId: id.optional(),
  limit: integerText(1, 100).default(20),
  cursor: cursor.optional(),
});
export type PaymentListQuery = z.infer<typeof paymentListQuery>;

/** One side of a double entry; the amounts of one transaction sum to zero. */
export const ledgerEntryResponse = z.object({
  id,
  account: z.string(),
  amount: z.int(),
  currency: z.string(),
  orderId: id,
  paymentId: id,
  reason: z.string(),
  at: moment,
});
export type LedgerEntryResponse = z.infer<typeof ledgerEntryResponse>;
export const ledgerResponse = z.object({ entries: z.array(ledgerEntryResponse), nextCursor: z.string().nullable() });
export type LedgerResponse = z.infer<typeof ledgerResponse>;

/** Query of GET /v1/admin/ledger. */
export const ledgerQuery = z.object({
  orderId: id.optional(),
  limit: integerText(1, 100).default(20),
  cursor: cursor.optional(),
});
export type LedgerQuery = z.infer<typeof ledgerQuery>;

/** Answer of GET /v1/admin/ledger/balances. */
export const ledgerBalancesResponse = z.array(z.object({ account: z.string(), currency: z.string(), balance: z.int() }));
export type LedgerBalancesResponse = z.infer<typeof ledgerBalancesResponse>;
