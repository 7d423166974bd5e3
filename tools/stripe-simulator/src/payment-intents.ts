import { type Books, type Charge, newId, now, type PaymentIntent } from './books.ts';
import { flag, metadata, optionalText, type Parameters, requiredAmount, requiredCurrency } from './parameters.ts';
import { cannotBeDone, noSuch, StripeApiError } from './stripe-error.ts';
import { cardBehaviour } from './test-cards.ts';

export type Announce = (type: string, object: object) => void;

/** Life of a payment intent: created, confirmed (which moves the money), cancelled. */
export class PaymentIntents {
  constructor(
    private readonly books: Books,
    private readonly announce: Announce,
  ) {}

  create(parameters: Parameters): PaymentIntent {
    const amount = requiredAmount(parameters, 'amount');
    const currency = requiredCurrency(parameters);
    const paymentMethod = this.paymentMethod(parameters);
    const labels = metadata(parameters);
    const id = newId('pi');
    const intent: PaymentIntent = {
      id,
      object: 'payment_intent',
      amount,
      amount_received: 0,
      currency,
      status: paymentMethod === undefined ? 'requires_payment_method' : 'requires_confirmation',
      payment_method: paymentMethod ?? null,
      latest_charge: null,
      last_payment_error: null,
      cancellation_reason: null,
      client_secret: `${id}_secret_${newId('s')}`,
      metadata: labels,
      created: now(),
      livemode: false,
    };
    this.books.enter(intent);
    return flag(parameters, 'confirm') ? this.pay(intent, flag(parameters, 'error_on_requires_action')) : intent;
  }

  confirm(id: string, parameters: Parameters): PaymentIntent {
    const intent = this.get(id);
    intent.payment_method = this.paymentMethod(parameters) ?? intent.payment_method;
    this.books.enter(intent);
    if (intent.status === 'succeeded' || intent.status === 'canceled') throw unexpectedState(intent, 'confirm');
    return this.pay(intent, flag(parameters, 'error_on_requires_action'));
  }

  cancel(id: string, parameters: Parameters): PaymentIntent {
    const intent = this.get(id);
    if (intent.status === 'succeeded' || intent.status === 'canceled') throw unexpectedState(intent, 'cancel');
    intent.status = 'canceled';
    intent.cancellation_reason = optionalText(parameters, 'cancellation_reason') ?? null;
    this.books.enter(intent);
    this.announce('payment_intent.canceled', intent);
    return intent;
  }

  get(id: string): PaymentIntent {
    const intent = this.books.intents.get(id);
    if (intent === undefined) throw noSuch('payment_intent', id, 'intent');
    return intent;
  }

  private paymentMethod(parameters: Parameters): string | undefined {
    const name = optionalText(parameters, 'payment_method');
    if (name !== undefined && cardBehaviour(name) === undefined) throw noSuch('PaymentMethod', name, 'payment_method', 400);
    return name;
  }

  private pay(intent: PaymentIntent, errorOnRequiresAction: boolean): PaymentIntent {
    const card = cardBehaviour(intent.payment_method ?? '');
    if (card === undefined || intent.payment_method === null) {
      throw cannotBeDone(
        'payment_intent_unexpected_state',
        'You cannot confirm this PaymentIntent because it is missing a payment method.',
        { payment_intent: intent },
      );
    }
    if (card.kind === 'needs-authentication' && !errorOnRequiresAction) {
      intent.status = 'requires_action';
      this.announce('payment_intent.requires_action', intent);
      return intent;
    }
    if (card.kind !== 'pays') {
      const refusal = card.kind === 'declines' ? card : authenticationRequired;
      throw this.decline(intent, intent.payment_method, refusal);
    }
    const charge = this.record(intent, intent.payment_method, null);
    intent.status = 'succeeded';
    intent.amount_received = intent.amount;
    intent.last_payment_error = null;
    this.announce('charge.succeeded', charge);
    this.announce('payment_intent.succeeded', intent);
    return intent;
  }

  private decline(
    intent: PaymentIntent,
    paymentMethod: string,
    refusal: { code: string; declineCode?: string; message: string },
  ): StripeApiError {
    const charge = this.record(intent, paymentMethod, refusal.code);
    const error = {
      type: 'card_error' as const,
      code: refusal.code,
      message: refusal.message,
      charge: charge.id,
      ...(refusal.declineCode && { decline_code: refusal.declineCode }),
    };
    intent.status = 'requires_payment_method';
    intent.last_payment_error = error;
    this.announce('charge.failed', charge);
    this.announce('payment_intent.payment_failed', intent);
    return new StripeApiError(402, { ...error, payment_intent: { ...intent } }, true);
  }

  private record(intent: PaymentIntent, paymentMethod: string, failure: string | null): Charge {
    const paid = failure === null;
    const charge: Charge = {
      id: newId('ch'),
      object: 'charge',
      amount: intent.amount,
      amount_captured: paid ? intent.amount : 0,
      amount_refunded: 0,
      captured: paid,
      currency: intent.currency,
      failure_code: failure,
      metadata: { ...intent.metadata },
      paid,
      payment_intent: intent.id,
      payment_method: paymentMethod,
      refunded: false,
      status: paid ? 'succeeded' : 'failed',
      created: now(),
      livemode: false,
    };
    this.books.enter(charge);
    intent.latest_charge = charge.id;
    return charge;
  }
}

const authenticationRequired = {
  code: 'authentication_required',
  declineCode: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
};

const unexpectedState = (intent: PaymentIntent, action: string) =>
  cannotBeDone(
    'payment_intent_unexpected_state',
    `You cannot ${action} this PaymentIntent because it has a status of ${intent.status}.`,
    { payment_intent: intent },
  );
