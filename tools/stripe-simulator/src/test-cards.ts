/** How a test card behaves; the names are Stripe's own (docs.stripe.com/testing). */
export type CardBehaviour =
  | { readonly kind: 'pays'; readonly refunds?: 'pending' | 'fails' }
  | { readonly kind: 'declines'; readonly code: string; readonly declineCode?: string; readonly message: string }
  | { readonly kind: 'needs-authentication' };

const pays: CardBehaviour = { kind: 'pays' };

const declines = (code: string, declineCode: string | undefined, message: string): CardBehaviour => ({
  kind: 'declines',
  code,
  ...(declineCode && { declineCode }),
  message,
});

const cards: Readonly<Record<string, CardBehaviour>> = {
  pm_card_visa: pays,
  pm_card_visa_debit: pays,
  pm_card_mastercard: pays,
  pm_card_amex: pays,
  pm_card_discover: pays,
  pm_card_pendingRefund: { kind: 'pays', refunds: 'pending' },
  pm_card_refundFail: { kind: 'pays', refunds: 'fails' },
  pm_card_authenticationRequired: { kind: 'needs-authentication' },
  pm_card_chargeDeclined: declines('card_declined', 'generic_decline', 'Your card was declined.'),
  pm_card_visa_chargeDeclined: declines('card_declined', 'generic_decline', 'Your card was declined.'),
  pm_card_chargeDeclinedInsufficientFunds: declines('card_declined', 'insufficient_funds', 'Your card has insufficient funds.'),
  pm_card_visa_chargeDeclinedInsufficientFunds: declines(
    'card_declined',
    'insufficient_funds',
    'Your card has insufficient funds.',
  ),
  pm_card_chargeDeclinedLostCard: declines('card_declined', 'lost_card', 'Your card was declined.'),
  pm_card_chargeDeclinedStolenCard: declines('card_declined', 'stolen_card', 'Your card was declined.'),
  pm_card_chargeDeclinedFraudulent: declines('card_declined', 'fraudulent', 'Your card was declined.'),
  pm_card_chargeDeclinedVelocityLimitExceeded: declines(
    'card_declined',
    'card_velocity_exceeded',
    'Your card was declined for making repeated attempts too frequently or exceeding its amount limit.',
  ),
  pm_card_chargeDeclinedExpiredCard: declines('expired_card', undefined, 'Your card has expired.'),
  pm_card_chargeDeclinedIncorrectCvc: declines('incorrect_cvc', undefined, "Your card's security code is incorrect."),
  pm_card_chargeDeclinedProcessingError: declines(
    'processing_error',
    undefined,
    'An error occurred while processing your card. Try again in a little bit.',
  ),
};

export function cardBehaviour(paymentMethod: string): CardBehaviour | undefined {
  return Object.hasOwn(cards, paymentMethod) ? cards[paymentMethod] : undefined;
}
