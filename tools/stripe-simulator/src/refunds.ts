import { type Books, type Charge, newId, now, type Refund } from './books.ts';
import { metadata, optionalAmount, optionalText, type Parameters } from './parameters.ts';
import type { Announce } from './payment-intents.ts';
import { cannotBeDone, missingParameter, noSuch } from './stripe-error.ts';
import { cardBehaviour } from './test-cards.ts';

/** Refunds of captured charges; the sum never exceeds what was captured, unless the provider was told to trust. */
export class Refunds {
  constructor(
    private readonly books: Books,
    private readonly announce: Announce,
    private readonly isTrusting: () => boolean = () => false,
  ) {}

  create(parameters: Parameters): Refund {
    const charge = this.chargeOf(parameters);
    const amount = optionalAmount(parameters, 'amount');
    const labels = metadata(parameters);
    const left = charge.amount_captured - (this.isTrusting() ? 0 : charge.amount_refunded);
    if (left === 0) {
      throw cannotBeDone('charge_already_refunded', `Charge ${charge.id} has already been refunded.`, { charge: charge.id });
    }
    if (amount !== undefined && amount > left) {
      throw cannotBeDone(undefined, `Refund amount (${amount}) is greater than unrefunded amount on charge (${left})`, {
        param: 'amount',
      });
    }

    const card = cardBehaviour(charge.payment_method);
    const slow = card?.kind === 'pays' && card.refunds !== undefined;
    const refund: Refund = {
      id: newId('re'),
      object: 'refund',
      amount: amount ?? left,
      charge: charge.id,
      currency: charge.currency,
      metadata: labels,
      payment_intent: charge.payment_intent,
      reason: optionalText(parameters, 'reason') ?? null,
      status: slow ? 'pending' : 'succeeded',
      created: now(),
    };
    this.books.enter(refund);
    this.move(charge, refund.amount);
    this.announce('refund.created', refund);
    this.announce('charge.refunded', charge);
    return refund;
  }

  get(id: string): Refund {
    const refund = this.books.refunds.get(id);
    if (refund === undefined) throw noSuch('refund', id, 'id');
    return refund;
  }

  /** Ends a pending refund as its card wants it; the bank decides days later, here the control API does. */
  settle(id: string): Refund {
    const refund = this.get(id);
    if (refund.status !== 'pending') return refund;
    const charge = this.books.charges.get(refund.charge);
    const card = cardBehaviour(charge?.payment_method ?? '');
    if (card?.kind === 'pays' && card.refunds === 'fails') {
      refund.status = 'failed';
      refund.failure_reason = 'expired_or_canceled_card';
      if (charge !== undefined) this.move(charge, -refund.amount);
      this.announce('refund.failed', refund);
    } else {
      refund.status = 'succeeded';
    }
    this.books.enter(refund);
    this.announce('refund.updated', refund);
    return refund;
  }

  private chargeOf(parameters: Parameters): Charge {
    const intentId = optionalText(parameters, 'payment_intent');
    const chargeId = optionalText(parameters, 'charge');
    if (intentId === undefined && chargeId === undefined) throw missingParameter('payment_intent');
    const intent = intentId === undefined ? undefined : this.books.intents.get(intentId);
    if (intentId !== undefined && intent === undefined) throw noSuch('payment_intent', intentId, 'payment_intent');
    const charge = this.books.charges.get(intent?.latest_charge ?? chargeId ?? '');
    if (charge === undefined && chargeId !== undefined) throw noSuch('charge', chargeId, 'charge');
    if (charge === undefined || !charge.captured) {
      throw cannotBeDone(undefined, 'This PaymentIntent does not have a successful charge to refund.', {
        param: 'payment_intent',
      });
    }
    return charge;
  }

  private move(charge: Charge, amount: number): void {
    charge.amount_refunded += amount;
    charge.refunded = charge.amount_refunded >= charge.amount_captured;
    this.books.enter(charge);
  }
}
