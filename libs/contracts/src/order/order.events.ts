import { z } from 'zod';
import { defineEvent, id, moment, money } from '../primitives.ts';

const items = z.array(z.object({ productId: id, quantity: z.int() }));

/** An order is paid and its units are sold. Key: order id. */
export const orderConfirmed = defineEvent(
  'order.confirmed.v1',
  z.object({ orderId: id, userId: id, items, total: money, confirmedAt: moment }),
);

/** An order ended without a sale; nothing is charged and nothing is reserved. Key: order id. */
export const orderRejected = defineEvent('order.rejected.v1', z.object({ orderId: id, userId: id, reason: z.string() }));

/** A confirmed order was taken back; its units return to the shelf and its money to the customer. Key: order id. */
export const orderCancelled = defineEvent(
  'order.cancelled.v1',
  z.object({ orderId: id, userId: id, items, total: money, cancelledAt: moment }),
);
