import { money } from '@emporium/money';
import Stripe from 'stripe';
import { z } from 'zod';
import { outcomeUnknown } from './provider.errors.ts';
import { ProviderStatement, type StatementKind, type StatementLine, type StatementQuery } from './statement.ts';
import { providerFailure } from './stripe.failure.ts';

const pageSize = 100;

/** Labels are anybody's: one that is no id of ours says nothing. */
const label = z.string().toLowerCase().pipe(z.uuid()).optional().catch(undefined);
const labels = z.object({ order_id: label, refund_id: label }).catch({ order_id: undefined, refund_id: undefined });
const common = { id: z.string().min(1), currency: z.string().regex(/^[a-z]{3}$/), created: z.int(), metadata: labels };

const intent = z.object({
  ...common,
  status: z.string(),
  amount: z.int().min(0),
  amount_received: z.int().min(0).nullish(),
});

const refund = z.object({
  ...common,
  status: z.string(),
  amount: z.int().min(0),
  payment_intent: z.union([z.string(), z.object({ id: z.string() }).transform(({ id }) => id)]).nullish(),
  charge: z.string().nullish(),
});

/** Stripe's lists of payment intents and refunds. */
export class StripeStatement extends ProviderStatement {
  constructor(private readonly stripe: Stripe) {
    super();
  }

  async page({ kind, since, until, after }: StatementQuery): Promise<{ lines: StatementLine[]; next: string | undefined }> {
    const query = {
      created: { gte: Math.max(0, Math.floor(since.getTime() / 1_000)), lt: Math.ceil(until.getTime() / 1_000) },
      limit: pageSize,
      ...(after !== undefined && { starting_after: after }),
    };
    const { data, has_more: more } = await this.list(kind, query);
    if (!Array.isArray(data)) throw outcomeUnknown('a list that is none');
    const lines = data.map((item) => read(kind, item));
    return { lines, next: more === true ? lines.at(-1)?.reference : undefined };
  }

  async find(kind: StatementKind, reference: string): Promise<StatementLine | undefined> {
    let item: unknown;
    try {
      item = await (kind === 'charge' ? this.stripe.paymentIntents.retrieve(reference) : this.stripe.refunds.retrieve(reference));
    } catch (error) {
      if (error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing') return undefined;
      throw providerFailure(error);
    }
    return read(kind, item);
  }

  private async list(kind: StatementKind, query: Stripe.PaymentIntentListParams): Promise<{ data: unknown; has_more: unknown }> {
    try {
      return await (kind === 'charge' ? this.stripe.paymentIntents.list(query) : this.stripe.refunds.list(query));
    } catch (error) {
      throw providerFailure(error);
    }
  }
}

function read(kind: StatementKind, item: unknown): StatementLine {
  const line = kind === 'charge' ? intent.transform(toCharge).safeParse(item) : refund.transform(toRefund).safeParse(item);
  if (!line.success) throw outcomeUnknown(`a ${kind} that cannot be read`, line.error);
  return line.data;
}

const toCharge = (read: z.infer<typeof intent>): StatementLine => ({
  kind: 'charge',
  reference: read.id,
  orderId: read.metadata.order_id,
  refundId: undefined,
  chargeReference: undefined,
  amount: money(read.status === 'succeeded' ? (read.amount_received ?? read.amount) : read.amount, read.currency.toUpperCase()),
  status: read.status === 'succeeded' ? 'succeeded' : underWay.includes(read.status) ? 'pending' : 'failed',
  createdAt: new Date(read.created * 1_000),
});

const toRefund = (read: z.infer<typeof refund>): StatementLine => ({
  kind: 'refund',
  reference: read.id,
  orderId: read.metadata.order_id,
  refundId: read.metadata.refund_id,
  chargeReference: read.payment_intent ?? read.charge ?? '',
  amount: money(read.amount, read.currency.toUpperCase()),
  status: read.status === 'succeeded' ? 'succeeded' : backWithUs.includes(read.status) ? 'failed' : 'pending',
  createdAt: new Date(read.created * 1_000),
});

/** An intent in any other status has moved no money and moves none by itself. */
const underWay = ['processing', 'requires_capture'];
const backWithUs = ['failed', 'canceled'];
