import type { Money } from '@emporium/money';

/** What the provider must know to take an order's money; asking twice with the same one is asking once. */
export interface ChargeInstruction {
  readonly orderId: string;
  readonly paymentId: string;
  readonly amount: Money;
  readonly paymentMethod: string;
}

/** The provider's final word on a charge. */
export type ChargeOutcome =
  | { readonly kind: 'succeeded'; readonly reference: string; readonly amount: Money }
  | { readonly kind: 'declined'; readonly reason: string; readonly reference: string | null };

export interface RefundInstruction {
  readonly refundId: string;
  readonly orderId: string;
  readonly chargeReference: string;
  readonly amount: Money;
}

export type RefundOutcome =
  | { readonly kind: 'succeeded'; readonly reference: string }
  | { readonly kind: 'failed'; readonly reason: string; readonly reference: string | null };

/** What the provider tells us by itself. Undefined news: of no interest here. */
export interface ProviderEvent {
  readonly id: string;
  readonly type: string;
  readonly news:
    | { readonly about: 'charge'; readonly orderId: string; readonly outcome: ChargeOutcome }
    | { readonly about: 'refund'; readonly refundId: string; readonly outcome: RefundOutcome }
    | undefined;
}

/**
 * What this service needs of a payment provider. Every method raises AppError 'unavailable' or 'timeout' when the outcome is not known:
 * the money may have moved, and the same call again tells.
 */
export abstract class PaymentProvider {
  abstract charge(instruction: ChargeInstruction): Promise<ChargeOutcome>;

  /** `closed`: the charge never reached the provider, and never can now. `used`: it did, and `charge` tells its outcome without moving anything new. */
  abstract fence(instruction: ChargeInstruction): Promise<'closed' | 'used'>;

  /** Looks for an order's charge without the key; slower to see it than `charge`, but never starts one. */
  abstract findCharge(orderId: string): Promise<ChargeOutcome | undefined>;

  abstract refund(instruction: RefundInstruction): Promise<RefundOutcome>;

  /** Reads a webhook as it came, byte for byte. Raises AppError 'invalid' unless the provider signed it within the last five minutes. */
  abstract read(payload: Buffer, signature: string | undefined): ProviderEvent;
}
