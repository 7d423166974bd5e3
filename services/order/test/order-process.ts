import { randomUUID } from 'node:crypto';
import { Outbox } from '@emporium/events';
import { Idempotency } from '@emporium/idempotency';
import { Jobs } from '@emporium/jobs';
import { type Queryable, Replica, sql } from '@emporium/postgres';
import { silentLogger } from '@emporium/telemetry';
import type { TestDatabase } from '@emporium/testing';
import { vi } from 'vitest';
import { CartRepository } from '../src/carts/cart.repository.ts';
import { CartService } from '../src/carts/cart.service.ts';
import { CancellationService } from '../src/checkout/cancellation.service.ts';
import { CheckoutService } from '../src/checkout/checkout.service.ts';
import type { CheckoutSettings } from '../src/checkout/checkout.settings.ts';
import { CheckoutWorker } from '../src/checkout/checkout.worker.ts';
import { OrderSaga } from '../src/checkout/order.saga.ts';
import { OrderRepository } from '../src/orders/order.repository.ts';
import { OrderService } from '../src/orders/order.service.ts';
import { type Order, placeOrder } from '../src/orders/order.ts';
import type { PaymentClient } from '../src/payments/payment.client.ts';
import type { ProductClient } from '../src/products/product.client.ts';

const patient: CheckoutSettings = {
  patienceMs: 2_500,
  orderDeadlineMs: 60_000,
  recoveryDelayMs: 60_000,
  keyLeaseMs: 10_000,
  concurrency: 20,
  maxWaiting: 100,
  lineMs: 2_000,
};

/** One process of the service without its doors: a real database, and fakes of the two clients. Several of them are several replicas. */
export function orderProcess(db: TestDatabase, changes: Partial<CheckoutSettings> = {}) {
  const products = {
    quote: vi.fn<ProductClient['quote']>(),
    quoteAvailable: vi.fn<ProductClient['quoteAvailable']>(),
    reserve: vi.fn<ProductClient['reserve']>(),
    commit: vi.fn<ProductClient['commit']>(),
    release: vi.fn<ProductClient['release']>(),
    putBack: vi.fn<ProductClient['putBack']>(),
  };
  const payments = {
    charge: vi.fn<PaymentClient['charge']>(),
    cancel: vi.fn<PaymentClient['cancel']>(),
    refund: vi.fn<PaymentClient['refund']>(),
  };
  // Private members keep anything else from being a client for the compiler.
  const [productClient, paymentClient] = [products as unknown as ProductClient, payments as unknown as PaymentClient];
  const settings = { ...patient, ...changes };
  const [orders, jobs, idempotency] = [new OrderRepository(), new Jobs(), new Idempotency(db)];
  const outbox = new Outbox();
  const carts = new CartService(db, new CartRepository(), productClient);
  const service = new OrderService(db, orders, paymentClient, outbox, new Replica(db));
  const saga = new OrderSaga(db, service, carts, productClient, paymentClient, jobs, outbox, silentLogger);
  const checkout = new CheckoutService(db, idempotency, service, carts, productClient, saga, settings, silentLogger);
  const cancellations = new CancellationService(db, idempotency, service, saga, jobs, settings, silentLogger);
  const worker = new CheckoutWorker(db, service, saga, jobs, silentLogger);

  const allGoesWell = () => {
    for (const mock of [...Object.values(products), ...Object.values(payments)]) mock.mockReset();
    products.quote.mockImplementation(async (items) => ({ lines: items.map(lineOf), gone: [] }));
    products.quoteAvailable.mockImplementation(async (items) => ({ lines: items.map(lineOf), gone: [] }));
    payments.charge.mockResolvedValue('succeeded');
  };
  allGoesWell();
  return { products, payments, orders, jobs, idempotency, carts, saga, service, checkout, cancellations, worker, allGoesWell };
}

const lineOf = (item: { productId: string; quantity: number }) => ({
  ...item,
  name: 'Lamp',
  unitPrice: { amount: 1_299, currency: 'EUR' },
});

export const address = { name: 'Ada', line1: 'Street 1', city: 'London', postalCode: 'SW1', country: 'GB' };

export const anOrder = (changes: Partial<Parameters<typeof placeOrder>[0]> = {}): Order =>
  placeOrder({
    id: randomUUID(),
    userId: randomUUID(),
    lines: [lineOf({ productId: randomUUID(), quantity: 2 })],
    shippingAddress: address,
    paymentMethod: 'pm_card_visa',
    fromCart: false,
    createdAt: new Date(),
    deadlineAt: new Date(Date.now() + 60_000),
    ...changes,
  });

/** Names of the jobs that wait for an order; an event in the outbox counts as one. */
export const waitingJobs = async (db: Queryable, orderId: string): Promise<string[]> =>
  (
    await db.query<{ name: string }>(sql`
      select t.identifier as name from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
       where j.payload ->> 'orderId' = ${orderId}
       union all
      select 'publish-event' from outbox_events e where e.envelope ->> 'key' = ${orderId}
       order by 1
    `)
  ).map(({ name }) => name);
