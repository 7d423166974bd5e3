import { comparePaymentsResponse, ordersWithMoneyResponse, takeStatementResponse } from '@emporium/contracts/payment';
import type { HttpClient } from '@emporium/http-client';
import type { PaymentFacts } from './disagreement.ts';
import type { Details } from './finding.ts';
import type { Window } from './run.ts';

/** A disagreement as its finder tells it. */
export interface Told {
  readonly kind: string;
  readonly subjectId: string;
  readonly reference: string;
  readonly details: Details;
  readonly repaired: boolean;
}

export interface PaymentComparison {
  readonly payments: ReadonlyMap<string, PaymentFacts>;
  /** Orders whose money moves right now. */
  readonly moving: ReadonlySet<string>;
  readonly told: readonly Told[];
}

/** A page of the provider's list, or some hundred orders with a few questions to the provider: seconds at the worst. Nobody waits for it. */
const timeoutMs = 15_000;
const path = '/internal/reconciliation';

/** The books of the payment service, page by page. Every call may be repeated. */
export class PaymentBooksClient {
  constructor(private readonly http: HttpClient) {}

  async takeStatement(
    of: 'charges' | 'refunds',
    window: Window,
    cursor: string | undefined,
  ): Promise<{ taken: number; nextCursor: string | null }> {
    const body = { of, ...toWire(window), cursor };
    return this.http.post(`${path}/statement`, body, takeStatementResponse, { idempotent: true, timeoutMs });
  }

  async ordersWithMoney(
    place: 'payments' | 'statement' | 'open',
    window: Window,
    cursor: string | undefined,
  ): Promise<{ orderIds: string[]; nextCursor: string | null }> {
    const query = new URLSearchParams({ in: place, ...toWire(window), ...(cursor !== undefined && { cursor }) });
    return this.http.get(`${path}/orders?${query}`, ordersWithMoneyResponse, { timeoutMs });
  }

  async compare(orderIds: readonly string[], scope: { until: Date; withProvider: boolean }): Promise<PaymentComparison> {
    const body = { orderIds, until: scope.until.toISOString(), withProvider: scope.withProvider };
    const answer = await this.http.post(`${path}/compare`, body, comparePaymentsResponse, { idempotent: true, timeoutMs });
    return {
      payments: new Map(answer.payments.map(({ orderId, ...payment }) => [orderId, payment])),
      moving: new Set(answer.moving),
      told: answer.differences,
    };
  }
}

const toWire = ({ since, until }: Window) => ({ since: since.toISOString(), until: until.toISOString() });
