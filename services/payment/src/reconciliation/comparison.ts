import { equals, type Money } from '@emporium/money';

export interface BookedPayment {
  readonly id: string;
  readonly orderId: string;
  readonly status: 'pending' | 'succeeded' | 'declined' | 'cancelled';
  /** No money is kept for the order: what comes goes back by itself. */
  readonly fenced: boolean;
  /** Somebody asks the provider now, or is known not to have come to an end: a job takes over. */
  readonly attempted: boolean;
  readonly amount: Money;
  readonly charged: Money;
  readonly refunded: Money;
  readonly reference: string | null;
  readonly updatedAt: Date;
}

export interface BookedRefund {
  readonly id: string;
  readonly amount: Money;
  readonly status: 'pending' | 'succeeded' | 'failed';
  readonly reference: string | null;
}

/** What the provider says of one charge or refund. */
export interface ToldLine {
  readonly reference: string;
  readonly amount: Money;
  readonly status: 'pending' | 'succeeded' | 'failed';
  readonly createdAt: Date;
}

export interface ToldRefund extends ToldLine {
  readonly refundId: string | null;
  readonly chargeReference: string;
}

/** Everything that is known of one order's money, on both sides. */
export interface OrderBooks {
  readonly orderId: string;
  readonly payment: BookedPayment | undefined;
  readonly refunds: readonly BookedRefund[];
  readonly charges: readonly ToldLine[];
  readonly givenBack: readonly ToldRefund[];
  /** What the ledger says the provider holds, in minor units. */
  readonly clearing: number;
  /** Whether a job still asks about the payment; ids of the refunds that one asks about. */
  readonly paymentJob: boolean;
  readonly refundJobs: ReadonlySet<string>;
}

/** The step that should have put it right and can at any time: all of them do nothing when it is right already. */
export type Repair =
  | { readonly step: 'settle-charge'; readonly charge: ToldLine }
  | { readonly step: 'settle-refund'; readonly refundId: string; readonly told: ToldRefund }
  | { readonly step: 'ask-about-charge' }
  | { readonly step: 'ask-about-refund'; readonly refundId: string };

export interface Disagreement {
  readonly kind: string;
  readonly orderId: string;
  readonly reference: string;
  readonly details: Readonly<Record<string, string | number | boolean | null>>;
  readonly repair?: Repair;
}

/** Money that moved at or after `until`: a step may still be between the provider's word and our books. */
export const isMoving = ({ payment, charges, givenBack }: OrderBooks, until: Date): boolean =>
  (payment !== undefined && payment.updatedAt >= until) || [...charges, ...givenBack].some((line) => line.createdAt >= until);

/** What the statement does not tell, or not yet for good: the provider is asked about each of these by itself. */
export function toAskAbout({ payment, refunds, charges, givenBack }: OrderBooks): {
  kind: 'charge' | 'refund';
  reference: string;
}[] {
  const told = new Set([...charges, ...givenBack].map(({ reference }) => reference));
  const untold = (kind: 'charge' | 'refund', reference: string | null) =>
    reference === null || told.has(reference) ? [] : [{ kind, reference }];
  return [
    ...(payment === undefined || payment.charged.amount === 0 ? [] : untold('charge', payment.reference)),
    ...refunds.filter(({ status }) => status === 'succeeded').flatMap(({ reference }) => untold('refund', reference)),
    ...charges.filter(isPending).map(({ reference }) => ({ kind: 'charge' as const, reference })),
    ...givenBack.filter(isPending).map(({ reference }) => ({ kind: 'refund' as const, reference })),
  ];
}

/** Where the two sides of one order disagree; without the provider only what our own books say against each other. */
export function compare(books: OrderBooks, withProvider: boolean): Disagreement[] {
  const told = withProvider ? [...compareCharges(books), ...compareRefunds(books)] : [];
  return [...told, ...compareLedger(books), ...findForgotten(books, told)];
}

function compareCharges(books: OrderBooks): Disagreement[] {
  const { orderId, payment } = books;
  const taken = books.charges.filter(({ status }) => status === 'succeeded');
  const own = taken.find(({ reference }) => reference === payment?.reference);
  const found: Disagreement[] = [];
  const add = (kind: string, reference: string, details: Disagreement['details'], repair?: Repair) =>
    found.push({ kind, orderId, reference, details, ...(repair && { repair }) });

  if (payment !== undefined && payment.charged.amount > 0) {
    if (own === undefined) add('charge-missing', payment.reference ?? '', { booked: text(payment.charged) });
    else if (!equals(own.amount, payment.charged)) {
      add('charge-differs', own.reference, { booked: text(payment.charged), provider: text(own.amount) });
    }
    for (const extra of taken.filter((charge) => charge !== own && isKept(charge, books))) {
      add('charged-twice', extra.reference, { provider: text(extra.amount), booked: payment.reference });
    }
    return found;
  }
  for (const charge of taken.filter((each) => isKept(each, books))) {
    const expected = payment !== undefined && (payment.status === 'pending' || payment.fenced);
    const details = { provider: text(charge.amount), payment: payment?.status ?? null };
    if (expected && equals(charge.amount, payment.amount)) {
      add('charge-unbooked', charge.reference, details, { step: 'settle-charge', charge });
    } else add('charge-unknown', charge.reference, details);
  }
  return found;
}

function compareRefunds({ orderId, payment, refunds, givenBack }: OrderBooks): Disagreement[] {
  const found: Disagreement[] = [];
  const matched = new Set<string>();
  for (const told of givenBack) {
    const booked = refunds.find(({ id, reference }) => id === told.refundId || reference === told.reference);
    const details = { provider: text(told.amount), told: told.status };
    const add = (kind: string, more: Disagreement['details'] = {}, repair?: Repair) =>
      found.push({ kind, orderId, reference: told.reference, details: { ...details, ...more }, ...(repair && { repair }) });

    if (booked === undefined) {
      // A refund of a charge that is not in our books is how a person undoes that charge.
      if (told.status !== 'failed' && told.chargeReference === payment?.reference) add('refund-unknown');
      continue;
    }
    matched.add(booked.id);
    const booking = { refundId: booked.id, booked: text(booked.amount), status: booked.status };
    const failed = told.status === 'failed';
    if (!equals(told.amount, booked.amount)) add('refund-differs', booking);
    else if (booked.status === 'pending' || (booked.status === 'succeeded' && failed)) {
      add('refund-unbooked', booking, { step: 'settle-refund', refundId: booked.id, told });
    } else if (booked.status === 'failed' && !failed) add('refund-differs', booking);
  }
  for (const { id, reference, amount } of refunds.filter(({ id, status }) => status === 'succeeded' && !matched.has(id))) {
    found.push({ kind: 'refund-missing', orderId, reference: reference ?? id, details: { refundId: id, booked: text(amount) } });
  }
  return found;
}

function compareLedger({ orderId, payment, clearing }: OrderBooks): Disagreement[] {
  const kept = payment === undefined ? 0 : payment.charged.amount - payment.refunded.amount;
  return clearing === kept ? [] : [{ kind: 'ledger-differs', orderId, reference: '', details: { ledger: clearing, kept } }];
}

/** Money whose outcome is open, and nobody asks for it any more; what the statement told is settled without asking. */
function findForgotten(
  { orderId, payment, refunds, paymentJob, refundJobs }: OrderBooks,
  told: readonly Disagreement[],
): Disagreement[] {
  const found: Disagreement[] = [];
  const settling = new Set(told.map(({ repair }) => (repair?.step === 'settle-refund' ? repair.refundId : repair?.step)));
  if (payment?.status === 'pending' && !paymentJob && !settling.has('settle-charge')) {
    const details = { amount: text(payment.amount) };
    found.push({ kind: 'payment-stuck', orderId, reference: '', details, repair: { step: 'ask-about-charge' } });
  }
  const forgotten = refunds.filter(({ id, status }) => status === 'pending' && !refundJobs.has(id) && !settling.has(id));
  for (const { id, amount } of forgotten) {
    const repair: Repair = { step: 'ask-about-refund', refundId: id };
    found.push({ kind: 'refund-stuck', orderId, reference: id, details: { amount: text(amount) }, repair });
  }
  return found;
}

/** A charge that was given back in full at the provider is nobody's money any more. */
function isKept(charge: ToldLine, { givenBack }: OrderBooks): boolean {
  const back = givenBack.filter(({ chargeReference, status }) => chargeReference === charge.reference && status !== 'failed');
  return back.reduce((left, { amount }) => left - amount.amount, charge.amount.amount) > 0;
}

const isPending = ({ status }: ToldLine): boolean => status === 'pending';

const text = ({ amount, currency }: Money): string => `${amount} ${currency}`;
