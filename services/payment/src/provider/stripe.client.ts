import type { HttpClient } from '@emporium/http-client';
import { money } from '@emporium/money';
import Stripe from 'stripe';
import { outcomeUnknown } from './provider.errors.ts';
import {
  type ChargeInstruction,
  type ChargeOutcome,
  PaymentProvider,
  type ProviderEvent,
  type RefundInstruction,
  type RefundOutcome,
} from './provider.ts';
import { providerFailure } from './stripe.failure.ts';
import { StripeTransport } from './stripe.transport.ts';
import { newsOf, verified } from './stripe.webhook.ts';

/** Stripe, or anything that speaks as it does. */
export class StripeClient extends PaymentProvider {
  constructor(
    private readonly stripe: Stripe,
    private readonly webhookSecret: string,
  ) {
    super();
  }

  async charge(instruction: ChargeInstruction): Promise<ChargeOutcome> {
    try {
      const created = await this.stripe.paymentIntents.create(
        {
          ...base(instruction),
          payment_method: instruction.paymentMethod,
          confirm: true,
          // Nobody is there to answer a bank's question: a card that asks one is declined.
          error_on_requires_action: true,
          automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
        },
        { idempotencyKey: chargeKey(instruction) },
      );
      // A replayed answer is as old as the first one, and the intent may have moved since; another sum than asked for is asked about twice.
      const isCertain = isFinal(created) && (created.amount_received ?? created.amount) === instruction.amount.amount;
      const intent = isCertain ? created : await this.stripe.paymentIntents.retrieve(known(created.id));
      return toOutcome(intent);
    } catch (error) {
      return declinedBy(error);
    }
  }

  async fence(instruction: ChargeInstruction): Promise<'closed' | 'used'> {
    try {
      // An intent without a card under the charge's key: a charge that comes later meets the used key and is refused.
      const intent = await this.stripe.paymentIntents.create(base(instruction), { idempotencyKey: chargeKey(instruction) });
      return known(intent.id) && intent.status === 'requires_payment_method' ? 'closed' : 'used';
    } catch (error) {
      if (isKeyConflict(error) || error instanceof Stripe.errors.StripeCardError || isRefusal(error)) return 'used';
      throw providerFailure(error);
    }
  }

  async findCharge(orderId: string): Promise<ChargeOutcome | undefined> {
    try {
      const { data } = await this.stripe.paymentIntents.search({ query: `metadata['order_id']:'${orderId}'`, limit: 100 });
      const paid = data.find((intent) => intent.status === 'succeeded');
      return paid && toOutcome(paid);
    } catch (error) {
      throw providerFailure(error);
    }
  }

  async refund(instruction: RefundInstruction): Promise<RefundOutcome> {
    try {
      const refund = await this.stripe.refunds.create(
        {
          payment_intent: instruction.chargeReference,
          amount: instruction.amount.amount,
          metadata: { order_id: instruction.orderId, refund_id: instruction.refundId },
        },
        { idempotencyKey: `refund-${instruction.refundId}` },
      );
      return toRefundOutcome(refund);
    } catch (error) {
      if (isRefusal(error)) {
        return { kind: 'failed', reason: error.code ?? 'invalid_request', reference: null };
      }
      throw providerFailure(error);
    }
  }

  read(payload: Buffer, signature: string | undefined): ProviderEvent {
    const event = verified(this.stripe, payload, signature, this.webhookSecret);
    return { id: event.id, type: event.type, news: newsOf(event) };
  }
}

function toRefundOutcome(refund: Stripe.Refund): RefundOutcome {
  // `pending` is accepted: the money has left our balance. Should the bank refuse it, a webhook says so.
  if (refund.status === 'failed' || refund.status === 'canceled') {
    return { kind: 'failed', reason: refund.failure_reason ?? refund.status, reference: refund.id };
  }
  return { kind: 'succeeded', reference: known(refund.id) };
}

const chargeKey = (instruction: ChargeInstruction) => `charge-${instruction.orderId}`;

const base = (instruction: ChargeInstruction) => ({
  amount: instruction.amount.amount,
  currency: instruction.amount.currency.toLowerCase(),
  metadata: { order_id: instruction.orderId, payment_id: instruction.paymentId },
});

const isFinal = (intent: Stripe.PaymentIntent) => ['succeeded', 'canceled', 'requires_payment_method'].includes(intent.status);

function toOutcome(intent: Stripe.PaymentIntent): ChargeOutcome {
  if (intent.status === 'succeeded') {
    const received = intent.amount_received ?? intent.amount;
    return { kind: 'succeeded', reference: known(intent.id), amount: money(received, intent.currency.toUpperCase()) };
  }
  if (!isFinal(intent)) throw outcomeUnknown(`payment intent ${intent.id} is ${intent.status}`);
  const error = intent.last_payment_error;
  return { kind: 'declined', reason: error?.decline_code ?? error?.code ?? intent.status, reference: intent.id };
}

/** What a failed call means for the charge; raises when it means nothing yet. */
function declinedBy(error: unknown): ChargeOutcome {
  if (error instanceof Stripe.errors.StripeCardError) {
    return {
      kind: 'declined',
      reason: error.decline_code || error.code || 'card_declined',
      reference: error.payment_intent?.id ?? null,
    };
  }
  if (isRefusal(error)) {
    const unknownCard = error.code === 'resource_missing' && error.param === 'payment_method';
    return {
      kind: 'declined',
      reason: unknownCard ? 'unknown_payment_method' : (error.code ?? 'invalid_request'),
      reference: null,
    };
  }
  throw providerFailure(error);
}

/** Our request can never be done, whoever sends it again. */
const isRefusal = (error: unknown): error is InstanceType<typeof Stripe.errors.StripeInvalidRequestError> =>
  error instanceof Stripe.errors.StripeInvalidRequestError;

/** The key was used with other parameters: a charge and a fence met, or a release changed the parameters while a charge was open. */
const isKeyConflict = (error: unknown) => error instanceof Stripe.errors.StripeIdempotencyError;

/** A success without an id did not come from a provider we know. */
function known(id: unknown): string {
  if (typeof id !== 'string' || id === '') throw outcomeUnknown('an answer without an id');
  return id;
}

/** The SDK on our own transport. Retries are ours alone: the recovery jobs ask again with the same key. */
export const createStripe = (http: HttpClient, { key }: { key: string }): Stripe =>
  new Stripe(key, { httpClient: new StripeTransport(http), maxNetworkRetries: 0, telemetry: false });

/** The provider as specs and the service use it. */
export const createStripeClient = (http: HttpClient, settings: { key: string; webhookSecret: string }): StripeClient =>
  new StripeClient(createStripe(http, settings), settings.webhookSecret);
