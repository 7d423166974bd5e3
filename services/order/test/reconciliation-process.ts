import { randomUUID } from 'node:crypto';
import { Jobs } from '@emporium/jobs';
import { sql } from '@emporium/postgres';
import { silentLogger } from '@emporium/telemetry';
import type { TestDatabase } from '@emporium/testing';
import { vi } from 'vitest';
import { OrderRepository } from '../src/orders/order.repository.ts';
import { become, type Order, type OrderStatus } from '../src/orders/order.ts';
import type { PaymentFacts, ReservationFacts } from '../src/reconciliation/disagreement.ts';
import { FindingRepository } from '../src/reconciliation/finding.repository.ts';
import { FindingService } from '../src/reconciliation/finding.service.ts';
import { OrderComparisonService } from '../src/reconciliation/order-comparison.service.ts';
import { OrderFactsRepository } from '../src/reconciliation/order-facts.repository.ts';
import { OrderWalkService } from '../src/reconciliation/order-walk.service.ts';
import type { PaymentBooksClient, Told } from '../src/reconciliation/payment-books.client.ts';
import type { ProductBooksClient } from '../src/reconciliation/product-books.client.ts';
import { ReconciliationService } from '../src/reconciliation/reconciliation.service.ts';
import { RunRepository } from '../src/reconciliation/run.repository.ts';
import { RunService } from '../src/reconciliation/run.service.ts';
import { StockComparisonService } from '../src/reconciliation/stock-comparison.service.ts';
import { anOrder } from './order-process.ts';

type Logger = typeof silentLogger;

/** What the other services say, for any number of processes. */
export function otherBooks() {
  return {
    payments: new Map<string, PaymentFacts>(),
    moving: new Set<string>(),
    reservations: new Map<string, ReservationFacts>(),
    /** Of the payment service, told when its order is compared; kinds of the provider only with its word. */
    money: [] as Told[],
    stock: [] as Told[],
    overdue: [] as Told[],
    /** Orders that the other services name by themselves. */
    named: { payments: [] as string[], statement: [] as string[], open: [] as string[], reservations: [] as string[] },
    products: [] as string[],
  };
}

export type OtherBooks = ReturnType<typeof otherBooks>;

/** One process of reconciliation on a real database, with the other services played. Several of them are several replicas. */
export function reconciliationProcess(db: TestDatabase, books: OtherBooks, logger: Logger = silentLogger) {
  const payments = {
    takeStatement: vi.fn<PaymentBooksClient['takeStatement']>(async () => ({ taken: 3, nextCursor: null })),
    ordersWithMoney: vi.fn<PaymentBooksClient['ordersWithMoney']>(async (place) => ({
      orderIds: books.named[place],
      nextCursor: null,
    })),
    compare: vi.fn<PaymentBooksClient['compare']>(async (orderIds, { withProvider }) => ({
      payments: new Map(orderIds.flatMap((id) => pairOf(id, books.payments))),
      moving: new Set(orderIds.filter((id) => books.moving.has(id))),
      told: books.money.filter(
        ({ subjectId, kind }) => orderIds.includes(subjectId) && (withProvider || kind === 'ledger-differs'),
      ),
    })),
  };
  const products = {
    movedReservations: vi.fn<ProductBooksClient['movedReservations']>(async () => ({
      orderIds: books.named.reservations,
      productIds: books.products,
      nextCursor: null,
    })),
    reservations: vi.fn<ProductBooksClient['reservations']>(async (orderIds) => ({
      reservations: new Map(
        orderIds.flatMap((id) => pairOf(id, books.reservations)).map(([id, each]) => [id, { ...each, updatedAt: new Date(0) }]),
      ),
      forgottenBefore: new Date(0),
    })),
    stockDifferences: vi.fn<ProductBooksClient['stockDifferences']>(async (ids) =>
      books.stock.filter(({ subjectId }) => ids.includes(subjectId)),
    ),
    releaseOverdue: vi.fn<ProductBooksClient['releaseOverdue']>(async () => books.overdue),
  };
  // Private members keep anything else from being a client for the compiler.
  const paymentBooks = payments as unknown as PaymentBooksClient;
  const productBooks = products as unknown as ProductBooksClient;
  const [runs, findings, facts, jobs] = [new RunRepository(), new FindingRepository(), new OrderFactsRepository(), new Jobs()];
  const keeper = new FindingService(db, findings, jobs, logger);
  const comparison = new OrderComparisonService(db, facts, paymentBooks, productBooks, keeper);
  const walk = new OrderWalkService(db, facts, paymentBooks, productBooks, findings);
  const stock = new StockComparisonService(db, productBooks, findings, keeper);
  const execution = new RunService(db, runs, paymentBooks, walk, comparison, stock, logger);
  const service = new ReconciliationService(db, runs, findings, jobs, { reconciliationGraceMs: 0 });
  const signal = new AbortController().signal;

  return {
    payments,
    products,
    runs,
    findings,
    execution,
    service,
    /** A run over everything that changed since a moment, from its beginning to its end. */
    async run(since = new Date(0), graceMs = 0) {
      const run = await service.beginAsked(randomUUID(), { since, graceMs });
      await execution.execute(run.id, signal);
      const standing = await service.standing(100);
      return { ...standing, seen: standing.findings.map(({ kind, state, subjectId }) => ({ kind, state, subjectId })) };
    },
  };
}

const pairOf = <Value>(id: string, map: ReadonlyMap<string, Value>): [string, Value][] => {
  const value = map.get(id);
  return value === undefined ? [] : [[id, value]];
};

/** An order as it is after it went there, and what the other services then say of it. */
export async function givenOrder(db: TestDatabase, books: OtherBooks, status: OrderStatus): Promise<Order> {
  const orders = new OrderRepository();
  const placed = anOrder();
  await db.transaction((tx) => orders.insert(tx, placed));
  const path: Record<OrderStatus, readonly OrderStatus[]> = {
    pending: [],
    confirmed: ['confirmed'],
    rejected: ['rejected'],
    cancelled: ['confirmed', 'cancelled'],
    shipped: ['confirmed', 'shipped'],
    delivered: ['confirmed', 'shipped', 'delivered'],
  };
  let order = placed;
  for (const to of path[status]) {
    order = become(order, { to, cause: to, at: new Date(), ...(to === 'rejected' && { rejectReason: 'payment_declined' }) });
    const moved = order;
    await db.transaction((tx) => orders.change(tx, moved));
  }
  const sold = ['confirmed', 'shipped', 'delivered'].includes(status);
  if (status !== 'pending') {
    const charged = status === 'rejected' ? { ...order.total, amount: 0 } : order.total;
    const refunded = status === 'cancelled' ? order.total : { ...order.total, amount: 0 };
    const state = sold ? 'succeeded' : status === 'rejected' ? 'declined' : 'cancelled';
    books.payments.set(order.id, { status: state, charged, refunded });
    const lines = order.lines.map(({ productId, quantity }) => ({ productId, quantity }));
    books.reservations.set(order.id, { status: sold ? 'committed' : 'returned', lines });
  }
  // Not of this very millisecond, which no run covers.
  await age(db, order.id, 1 / 60);
  return order;
}

/** The order changed so long ago. */
export const age = (db: TestDatabase, orderId: string, minutes: number) =>
  db.execute(sql`update orders set updated_at = updated_at - ${minutes} * interval '1 minute',
                                   created_at = created_at - ${minutes} * interval '1 minute' where id = ${orderId}`);
