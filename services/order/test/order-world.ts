import { randomUUID } from 'node:crypto';
import {
  startApp,
  type TestAnswer,
  type TestApp,
  type TestDatabase,
  type TestRedis,
  testDatabase,
  testRedis,
} from '@emporium/testing';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { appModule } from '../src/app.module.ts';
import { loadConfig } from '../src/config.ts';
import { migrations } from '../src/migrations.ts';
import { type FakePayments, fakePayments } from './fake-payments.ts';
import { type FakeProducts, fakeProducts } from './fake-products.ts';

export const address = { name: 'Ada', line1: 'Street 1', city: 'London', postalCode: 'SW1', country: 'GB' };

export interface OrderWorld {
  readonly db: TestDatabase;
  readonly redis: TestRedis;
  readonly app: TestApp;
  readonly products: FakeProducts;
  readonly payments: FakePayments;
  /** A customer nobody has seen before. */
  customer(): Customer;
  staff(role: 'admin' | 'support', method: string, path: string, body?: unknown, key?: string): Promise<TestAnswer>;
}

export interface Customer {
  readonly id: string;
  call(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<TestAnswer>;
  /** Buys what the body says; without `items` the cart. */
  buy(body?: object, key?: string): Promise<TestAnswer>;
  put(productId: string, quantity: unknown): Promise<TestAnswer>;
  cart(): Promise<{ productId: string; quantity: number }[]>;
  cancel(orderId: string, key?: string): Promise<TestAnswer>;
}

/** The whole service on real stores, between a product and a payment service that are fakes. Call it inside `describe`. */
export function orderWorld(
  name: string,
  environment: NodeJS.ProcessEnv | ((db: TestDatabase) => NodeJS.ProcessEnv) = {},
): OrderWorld {
  const db = testDatabase(name, { migrations, jobs: true });
  const redis = testRedis();
  const world = { db, redis } as { -readonly [Part in keyof OrderWorld]: OrderWorld[Part] };

  world.customer = () => customerOf(world.app);
  world.staff = (role, method, path, body, key) =>
    world.app.request(method, path, { as: { role }, body, ...(key !== undefined && { headers: { 'idempotency-key': key } }) });

  beforeAll(async () => {
    world.products = await fakeProducts();
    world.payments = await fakePayments();
    const addresses = {
      DATABASE_URL: db.url,
      REDIS_URL: redis.url,
      PRODUCT_SERVICE_URL: world.products.http.url,
      PAYMENT_SERVICE_URL: world.payments.http.url,
      BREAKER_RESET_MS: '100',
      ...(typeof environment === 'function' ? environment(db) : environment),
    };
    world.app = await startApp({
      name: 'order',
      module: (config) => appModule(config),
      config: loadConfig,
      environment: addresses,
    });
  }, 60_000);

  beforeEach(() => {
    world.products.trouble = undefined;
    world.payments.trouble = undefined;
  });

  afterAll(async () => {
    // The fakes go first: calls that hang end with them.
    await Promise.all([world.products?.http.close(), world.payments?.http.close()]);
    await world.app?.close();
  }, 30_000);

  return world;
}

function customerOf(app: TestApp): Customer {
  const id = randomUUID();
  const call: Customer['call'] = (method, path, body, headers) => app.request(method, path, { as: { sub: id }, body, headers });
  return {
    id,
    call,
    buy: (body = {}, key = randomUUID()) =>
      call(
        'POST',
        '/v1/orders',
        { shippingAddress: address, paymentMethod: 'pm_card_visa', ...body },
        { 'idempotency-key': key },
      ),
    put: (productId, quantity) => call('PUT', `/v1/cart/items/${productId}`, { quantity }),
    cart: async () =>
      (await call('GET', '/v1/cart')).body.items.map(({ productId, quantity }: { productId: string; quantity: number }) => ({
        productId,
        quantity,
      })),
    cancel: (orderId, key = randomUUID()) => call('POST', `/v1/orders/${orderId}/cancel`, undefined, { 'idempotency-key': key }),
  };
}
