import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import type { Books } from './books.ts';
import { type Faults, faultSettings, scriptedFault } from './faults.ts';
import type { Memory } from './memory.ts';
import type { Refunds } from './refunds.ts';
import { type Webhooks, webhookSettings } from './webhooks.ts';

const settingsChange = faultSettings.partial().extend({ webhooks: webhookSettings.partial().optional() }).strict();
const script = z.strictObject({ next: z.array(scriptedFault).min(1).max(1000) });
const flushOrder = z.strictObject({ reverse: z.boolean().default(false) });
const resendOrder = z.strictObject({ eventId: z.string().optional() });
const booksQuery = z.object({ orderId: z.string().optional() });

/** `/_control`: what tests and labs steer. Not part of Stripe. */
export function controlRoutes(
  app: FastifyInstance,
  parts: { books: Books; faults: Faults; memory: Memory; refunds: Refunds; webhooks: Webhooks },
): void {
  const { books, faults, memory, refunds, webhooks } = parts;
  const state = () => ({ ...faults.settings, webhooks: webhooks.settings, script: faults.pending });

  app.get('/_control/settings', async () => state());
  app.patch('/_control/settings', async (request) => {
    const { webhooks: travel, ...changes } = settingsChange.parse(request.body);
    faults.change(changes);
    webhooks.change(travel ?? {});
    return state();
  });
  app.post('/_control/script', async (request) => {
    faults.add(script.parse(request.body).next);
    return state();
  });
  app.get('/_control/books', async (request) => books.statement(booksQuery.parse(request.query).orderId));
  app.get('/_control/webhooks', async () => ({ events: webhooks.events, deliveries: webhooks.deliveries }));
  app.post('/_control/webhooks/flush', async (request) => ({ sent: webhooks.flush(flushOrder.parse(request.body ?? {})) }));
  app.post('/_control/webhooks/resend', async (request) => ({
    sent: webhooks.resend(resendOrder.parse(request.body ?? {}).eventId),
  }));
  app.post<{ Params: { id: string } }>('/_control/refunds/:id/settle', async (request) => {
    const refund = refunds.settle(request.params.id);
    memory.save();
    return refund;
  });
  app.post('/_control/reset', async () => {
    memory.reset();
    faults.reset();
    webhooks.reset();
    return state();
  });
}
