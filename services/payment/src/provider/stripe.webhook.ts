import { money } from '@emporium/money';
import Stripe from 'stripe';
import { z } from 'zod';
import { webhookRefused } from './provider.errors.ts';
import type { ProviderEvent } from './provider.ts';

const toleranceSeconds = 300;

const envelope = z.object({
  id: z.string().min(1).max(255),
  type: z.string().min(1).max(255),
  data: z.object({ object: z.unknown() }),
});

/** The event, if Stripe signed exactly these bytes within the last five minutes. */
export function verified(
  stripe: Stripe,
  payload: Buffer,
  signature: string | undefined,
  secret: string,
): z.infer<typeof envelope> {
  let event: unknown;
  try {
    event = stripe.webhooks.constructEvent(payload, signature ?? '', secret, toleranceSeconds);
    refuseFuture(signature ?? '');
  } catch (error) {
    throw webhookRefused(error);
  }
  const read = envelope.safeParse(event);
  if (!read.success) throw webhookRefused(read.error);
  return read.data;
}

/** The SDK looks at the age only; a time-stamp ahead of ours would be good for longer than five minutes. */
function refuseFuture(signature: string): void {
  const timestamp = Number(/(?:^|,)t=(\d+)/.exec(signature)?.[1]);
  if (timestamp > Date.now() / 1000 + toleranceSeconds) throw new Error('The signature is from the future.');
}

const charged = z.object({
  id: z.string().min(1),
  amount: z.int().min(0),
  amount_received: z.int().min(0).optional(),
  currency: z.string().regex(/^[a-z]{3}$/),
  metadata: z.object({ order_id: z.uuid() }),
  last_payment_error: z.object({ code: z.string().nullish(), decline_code: z.string().nullish() }).nullish(),
});

const refunded = z.object({
  id: z.string().min(1),
  status: z.enum(['pending', 'requires_action', 'succeeded', 'failed', 'canceled']),
  failure_reason: z.string().nullish(),
  metadata: z.object({ refund_id: z.uuid() }),
});

/** What an event says about our money. Objects that do not carry our ids belong to somebody else on the same account. */
export function newsOf(event: z.infer<typeof envelope>): ProviderEvent['news'] {
  switch (event.type) {
    case 'payment_intent.succeeded':
    case 'payment_intent.payment_failed':
      return chargeNews(event.type, event.data.object);
    case 'refund.created':
    case 'refund.updated':
    case 'refund.failed':
    case 'charge.refund.updated':
      return refundNews(event.data.object);
    default:
      return undefined;
  }
}

function chargeNews(type: string, object: unknown): ProviderEvent['news'] {
  const read = charged.safeParse(object);
  if (!read.success) return undefined;
  const { id: reference, metadata, currency, last_payment_error: error } = read.data;
  if (type === 'payment_intent.succeeded') {
    const amount = money(read.data.amount_received ?? read.data.amount, currency.toUpperCase());
    return { about: 'charge', orderId: metadata.order_id, outcome: { kind: 'succeeded', reference, amount } };
  }
  const reason = error?.decline_code ?? error?.code ?? 'card_declined';
  return { about: 'charge', orderId: metadata.order_id, outcome: { kind: 'declined', reason, reference } };
}

function refundNews(object: unknown): ProviderEvent['news'] {
  const read = refunded.safeParse(object);
  if (!read.success) return undefined;
  const { id: reference, status, failure_reason, metadata } = read.data;
  const failed = status === 'failed' || status === 'canceled';
  return {
    about: 'refund',
    refundId: metadata.refund_id,
    outcome: failed ? { kind: 'failed', reason: failure_reason ?? status, reference } : { kind: 'succeeded', reference },
  };
}
