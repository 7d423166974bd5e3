import { randomBytes } from 'node:crypto';

export type IntentStatus = 'requires_payment_method' | 'requires_confirmation' | 'requires_action' | 'succeeded' | 'canceled';

/** One payment intent, in the shape Stripe sends it. */
export interface PaymentIntent {
  id: string;
  object: 'payment_intent';
  amount: number;
  amount_received: number;
  currency: string;
  status: IntentStatus;
  payment_method: string | null;
  latest_charge: string | null;
  last_payment_error: object | null;
  cancellation_reason: string | null;
  client_secret: string;
  metadata: Record<string, string>;
  created: number;
  livemode: false;
}

export interface Charge {
  id: string;
  object: 'charge';
  amount: number;
  amount_captured: number;
  amount_refunded: number;
  captured: boolean;
  currency: string;
  failure_code: string | null;
  metadata: Record<string, string>;
  paid: boolean;
  payment_intent: string;
  payment_method: string;
  refunded: boolean;
  status: 'succeeded' | 'failed';
  created: number;
  livemode: false;
}

export interface Refund {
  id: string;
  object: 'refund';
  amount: number;
  charge: string;
  currency: string;
  failure_reason?: string;
  metadata: Record<string, string>;
  payment_intent: string;
  reason: string | null;
  status: 'succeeded' | 'pending' | 'failed' | 'canceled';
  created: number;
}

export const newId = (prefix: string): string => `${prefix}_${randomBytes(12).toString('hex')}`;

export const now = (): number => Math.floor(Date.now() / 1000);

export type Item = PaymentIntent | Charge | Refund;

/** Everything the provider knows, in memory; newest last. */
export class Books {
  readonly intents = new Map<string, PaymentIntent>();
  readonly charges = new Map<string, Charge>();
  readonly refunds = new Map<string, Refund>();
  private readonly changed = new Set<Item>();

  /** To be called with whatever is new or was changed in place: only that is remembered across a restart. */
  enter(item: Item): void {
    this.restore(item);
    this.changed.add(item);
  }

  restore(item: Item): void {
    if (item.object === 'payment_intent') this.intents.set(item.id, item);
    else if (item.object === 'charge') this.charges.set(item.id, item);
    else this.refunds.set(item.id, item);
  }

  /** What was entered since the last time; hands it over once. */
  takeChanged(): Item[] {
    const items = [...this.changed];
    this.changed.clear();
    return items;
  }

  /** What a reconciliation compares with: captured charges, refunds and totals, of one order or of all. */
  statement(orderId?: string) {
    const ofOrder = (item: { metadata: Record<string, string> }) => orderId === undefined || item.metadata.order_id === orderId;
    const charges = [...this.charges.values()].filter((charge) => charge.captured && ofOrder(charge));
    const ids = new Set(charges.map((charge) => charge.id));
    const refunds = [...this.refunds.values()].filter((refund) => ids.has(refund.charge));
    return {
      charges: charges.map((charge) => ({
        id: charge.id,
        orderId: charge.metadata.order_id ?? null,
        paymentIntent: charge.payment_intent,
        amount: charge.amount_captured,
        currency: charge.currency,
        refunded: charge.amount_refunded,
        created: charge.created,
      })),
      refunds: refunds.map((refund) => ({
        id: refund.id,
        orderId: this.charges.get(refund.charge)?.metadata.order_id ?? null,
        charge: refund.charge,
        paymentIntent: refund.payment_intent,
        amount: refund.amount,
        currency: refund.currency,
        status: refund.status,
        created: refund.created,
      })),
      totals: totals(charges),
    };
  }

  reset(): void {
    this.intents.clear();
    this.charges.clear();
    this.refunds.clear();
    this.changed.clear();
  }
}

function totals(charges: readonly Charge[]) {
  const byCurrency = new Map<string, { currency: string; charged: number; refunded: number; net: number }>();
  for (const charge of charges) {
    const total = byCurrency.get(charge.currency) ?? { currency: charge.currency, charged: 0, refunded: 0, net: 0 };
    total.charged += charge.amount_captured;
    total.refunded += charge.amount_refunded;
    total.net = total.charged - total.refunded;
    byCurrency.set(charge.currency, total);
  }
  return [...byCurrency.values()];
}
