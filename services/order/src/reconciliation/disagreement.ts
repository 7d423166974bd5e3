import type { Money } from '@emporium/money';
import type { OrderStatus } from '../orders/order.ts';
import type { Seen } from './finding.ts';

interface Units {
  readonly productId: string;
  readonly quantity: number;
}

export interface OrderFacts {
  readonly id: string;
  readonly status: OrderStatus;
  readonly total: Money;
  readonly lines: readonly Units[];
  readonly deadlineAt: Date;
  /** When it gets a job; null once it has. */
  readonly recoverAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

export interface PaymentFacts {
  readonly status: 'pending' | 'succeeded' | 'declined' | 'cancelled';
  readonly charged: Money;
  readonly refunded: Money;
}

export interface ReservationFacts {
  readonly status: 'reserved' | 'refused' | 'committed' | 'released' | 'returned';
  readonly lines: readonly Units[];
}

/** Three views of one purchase. */
export interface Views {
  readonly order: OrderFacts | undefined;
  readonly payment: PaymentFacts | undefined;
  readonly reservation: ReservationFacts | undefined;
}

export interface Circumstances {
  readonly now: Date;
  /** Of sales made before this moment the product service may have no reservation any more. */
  readonly forgottenBefore: Date;
  /** A job will take the order further. */
  readonly advances: boolean;
}

/** The job that would put it right, if there is one. */
export type Repair = 'advance' | 'compensate';

export type Disagreement = Seen & { readonly repair?: Repair };

/** A pending order ends at its deadline; its job looks every ten seconds. */
const overdueMs = 5 * 60_000;

const sold: readonly OrderStatus[] = ['confirmed', 'shipped', 'delivered'];

/** Where the three views disagree. */
export function disagreements(orderId: string, views: Views, circumstances: Circumstances): Disagreement[] {
  const { order, payment, reservation } = views;
  const found: Disagreement[] = [];
  const add = (kind: string, details: Seen['details'], repair?: Repair) =>
    found.push({ part: 'orders', kind, subjectId: orderId, reference: '', details, ...(repair && { repair }) });

  if (order === undefined) {
    if (payment !== undefined) add('payment-without-order', moneyOf(payment));
    if (holdsUnits(reservation)) add('reservation-without-order', { reservation: reservation.status });
    return found;
  }
  const { status } = order;
  if (status === 'pending') {
    const details = { deadline: order.deadlineAt.toISOString() };
    if (!circumstances.advances) add('order-stuck', details, 'advance');
    else if (order.deadlineAt.getTime() + overdueMs < circumstances.now.getTime()) add('order-overdue', details);
    return found;
  }
  if (sold.includes(status)) {
    if (!isPaid(order.total, payment)) add('order-not-paid', { status, total: text(order.total), ...moneyOf(payment) });
    if (!hasUnits(order, reservation, circumstances)) add('order-without-units', { status, ...unitsOf(reservation) });
    else if (reservation !== undefined && !sameUnits(order.lines, reservation.lines)) {
      add('units-differ', { ordered: list(order.lines), taken: list(reservation.lines) });
    }
    return found;
  }
  if (payment !== undefined && mayHoldMoney(payment)) add('money-kept', { status, ...moneyOf(payment) }, 'compensate');
  if (holdsUnits(reservation)) add('units-kept', { status, ...unitsOf(reservation) }, 'compensate');
  return found;
}

/** Charged in full; what a member of staff gave back later was paid all the same. */
const isPaid = (total: Money, payment: PaymentFacts | undefined): boolean =>
  payment?.status === 'succeeded' && payment.charged.amount === total.amount && payment.charged.currency === total.currency;

const hasUnits = (order: OrderFacts, reservation: ReservationFacts | undefined, { forgottenBefore }: Circumstances): boolean =>
  reservation === undefined ? order.createdAt < forgottenBefore : reservation.status === 'committed';

const mayHoldMoney = ({ status, charged, refunded }: PaymentFacts): boolean =>
  status === 'pending' || charged.amount > refunded.amount;

const holdsUnits = (reservation: ReservationFacts | undefined): reservation is ReservationFacts =>
  reservation?.status === 'reserved' || reservation?.status === 'committed';

function sameUnits(a: readonly Units[], b: readonly Units[]): boolean {
  const quantities = new Map(b.map(({ productId, quantity }) => [productId, quantity]));
  return a.length === b.length && a.every(({ productId, quantity }) => quantities.get(productId) === quantity);
}

const moneyOf = (payment: PaymentFacts | undefined): Seen['details'] =>
  payment === undefined
    ? { payment: null }
    : { payment: payment.status, charged: text(payment.charged), refunded: text(payment.refunded) };

const unitsOf = (reservation: ReservationFacts | undefined): Seen['details'] => ({ reservation: reservation?.status ?? null });

const list = (lines: readonly Units[]): string =>
  lines
    .map(({ productId, quantity }) => `${quantity} of ${productId}`)
    .sort()
    .join(', ');

const text = ({ amount, currency }: Money): string => `${amount} ${currency}`;
