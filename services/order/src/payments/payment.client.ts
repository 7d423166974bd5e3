import { paymentResponse, refundResponse } from '@emporium/contracts/payment';
import { type HttpClient, problemCodeOf, type RawResponse } from '@emporium/http-client';
import type { Money } from '@emporium/money';
import { paymentCancelled, paymentUndecided } from './payment.errors.ts';

interface Charge {
  readonly userId: string;
  readonly amount: Money;
  readonly paymentMethod: string;
}

interface Refund {
  readonly refundId: string;
  readonly amount: Money;
  readonly reason: string;
}

/** It asks the provider for this very order already: whoever says so is well, and no circuit is to open for it. */
const inProgressCodes: ReadonlySet<unknown> = new Set(['payment-in-progress', 'payment-cancel-in-progress']);

/** Whether an answer speaks against the payment service. */
export const isPaymentFailure = (answer: RawResponse): boolean =>
  answer.status >= 500 && !inProgressCodes.has(problemCodeOf(answer));

/** The payment service as the order service needs it. Every call may be repeated: the order id makes a charge one charge. */
export class PaymentClient {
  constructor(private readonly http: HttpClient) {}

  /** Whether the money came; throws while the provider's word is unknown, and when the money has gone back already. */
  async charge(orderId: string, charge: Charge): Promise<'succeeded' | 'declined'> {
    const { status } = await this.http.put(`/internal/payments/${orderId}`, charge, paymentResponse);
    switch (status) {
      case 'succeeded':
      case 'declined':
        return status;
      case 'pending':
        throw paymentUndecided(orderId);
      case 'cancelled':
      case 'refunded':
        throw paymentCancelled(orderId);
    }
  }

  /** Sees to it that no money is kept for the order, whatever happened before and whatever arrives later. */
  async cancel(orderId: string, reason: string): Promise<void> {
    await this.http.post(`/internal/payments/${orderId}/cancel`, { reason }, paymentResponse, { idempotent: true });
  }

  async refund(orderId: string, refund: Refund): Promise<'pending' | 'succeeded' | 'failed'> {
    const answer = await this.http.post(`/internal/payments/${orderId}/refunds`, refund, refundResponse, { idempotent: true });
    return answer.status;
  }
}
