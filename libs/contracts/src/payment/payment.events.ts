import { z } from 'zod';
import { defineEvent, id } from '../primitives.ts';

/** The provider's word on an order's charge is known. Key: order id. */
export const paymentSettled = defineEvent(
  'payment.settled.v1',
  z.object({ orderId: id, outcome: z.enum(['succeeded', 'declined']) }),
);
