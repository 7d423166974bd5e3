import { randomUUID } from 'node:crypto';
import { orderRejected } from '@emporium/contracts/order';
import { Outbox } from '@emporium/events';
import { Idempotency } from '@emporium/idempotency';
import { type AnyDatabase, explain, planModes, readWhole, statementsOf, testDatabase } from '@emporium/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { givenManyOrders } from '../test/many-orders.ts';
import { CartRepository } from './carts/cart.repository.ts';
import { migrations } from './migrations.ts';
import { OrderRepository } from './orders/order.repository.ts';
import { become, placeOrder } from './orders/order.ts';
import { FindingRepository } from './reconciliation/finding.repository.ts';
import { OrderFactsRepository } from './reconciliation/order-facts.repository.ts';
import { RunRepository } from './reconciliation/run.repository.ts';

const id = randomUUID();
const items = Array.from({ length: 50 }, () => ({ productId: randomUUID(), quantity: 1 }));
const after = { createdAt: '2026-01-01T00:00:00.000Z', id };
const order = placeOrder({
  id,
  userId: id,
  lines: items.map((item) => ({ ...item, name: 'Lamp', unitPrice: { amount: 1, currency: 'EUR' } })),
  shippingAddress: { name: 'Ada', line1: 'Street 1', city: 'London', postalCode: 'SW1', country: 'GB' },
  paymentMethod: 'pm_card_visa',
  fromCart: true,
  createdAt: new Date(),
  deadlineAt: new Date(),
});

const orders = new OrderRepository();
const outbox = new Outbox();
const carts = new CartRepository();
const runs = new RunRepository();
const findings = new FindingRepository();
const facts = new OrderFactsRepository();
const subjects = Array.from({ length: 100 }, () => randomUUID());
const seen = { part: 'orders', kind: 'money-kept', subjectId: id, reference: '', details: {}, state: 'open' } as const;
const window = { since: new Date(Date.now() - 300_000), until: new Date() };
const run = { id, trigger: 'schedule', askedBy: null, ...window } as const;
const from = { at: '2026-01-01 00:00:00.123456+00', id };
const keys = (db: AnyDatabase) => new Idempotency(db);
const lease = { leaseMs: 1_000, resourceId: id };

/** A month of runs is read as a whole once a night. */
const nightly = ['runs.purge('];

/** Every method of the repositories, and the steps of a key that a request takes. */
const calls: [name: string, call: (db: AnyDatabase) => Promise<unknown>][] = [
  ['place an order', (db) => orders.insert(db, order)],
  [
    'place an order with its key',
    (db) => orders.insert(db, order, { claim: keys(db).claiming('user:1', 'k', 'f', lease), recoverAfterMs: 4_000 }),
  ],
  ['tell which of a hundred orders are pending', (db) => orders.pendingAmong(db, subjects)],
  ['take overdue orders', (db) => orders.takeOverdue(db, 50)],
  [
    'end an order with its event and its answer',
    (db) =>
      orders.end(db, become(order, { to: 'confirmed', cause: 'paid', at: new Date() }), {
        event: (row) => outbox.insertion(orderRejected, id, { orderId: id, userId: id, reason: 'deadline' }, row),
        answer: (row) => keys(db).completing('user:1', 'key-1', { status: 201, body: {} }, row),
      }),
  ],
  ['find an order', (db) => orders.findById(db, id)],
  ['move an order', (db) => orders.change(db, become(order, { to: 'confirmed', cause: 'paid', at: new Date() }))],
  ["list a customer's orders", (db) => orders.listOfUser(db, id, 101)],
  ["list a customer's orders further", (db) => orders.listOfUser(db, id, 101, after)],
  ['list all orders', (db) => orders.listAll(db, 101)],
  ['list all orders further', (db) => orders.listAll(db, 101, undefined, after)],
  ['list the orders of a status', (db) => orders.listAll(db, 101, 'shipped')],
  ['list the orders of a rare status', (db) => orders.listAll(db, 101, 'pending')],
  ['list the orders of a status further', (db) => orders.listAll(db, 101, 'shipped', after)],
  ['read a cart', (db) => carts.itemsOf(db, id)],
  ['lock a cart', (db) => carts.lock(db, id)],
  ['put into a cart', (db) => carts.put(db, id, { productId: id, quantity: 1 })],
  ['add fifty products to a cart', (db) => carts.add(db, id, items)],
  [
    'remove fifty products from a cart',
    (db) =>
      carts.remove(
        db,
        id,
        items.map(({ productId }) => productId),
      ),
  ],
  ['clear a cart', (db) => carts.clear(db, id)],
  ['take a cart', (db) => carts.take(db, id)],
  ['begin a run', (db) => runs.begin(db, run)],
  ['find the unfinished run', (db) => runs.unfinished(db)],
  ['find the last run', (db) => runs.lastFinished(db)],
  ['find the last run that succeeded', (db) => runs.lastSuccess(db)],
  ['find how far runs have come', (db) => runs.coveredUntil(db)],
  ['lease a run', (db) => runs.lease(db, id, id, 1_000)],
  ['finish a run', (db) => runs.finish(db, { id, holder: id, parts: [], coveredUntil: null })],
  ['look up findings of a hundred orders', (db) => findings.unresolvedOf(db, subjects)],
  ['record a finding', (db) => findings.record(db, id, [seen])],
  ['resolve findings of a hundred orders', (db) => findings.resolve(db, ['orders', 'provider'], subjects, [seen])],
  ['walk over what disagrees', (db) => findings.subjects(db, id, ['orders'], 500, id)],
  ['list findings', (db) => findings.list(db, 101)],
  ['list findings further', (db) => findings.list(db, 101, after)],
  ['count findings', (db) => findings.counts(db)],
  ['forget findings', (db) => findings.purge(db, 90)],
  ['look at a hundred orders', (db) => facts.of(db, subjects)],
  ['walk over changed orders', (db) => facts.changed(db, window, 100)],
  ['walk over changed orders further', (db) => facts.changed(db, window, 100, from)],
  ['walk over pending orders', (db) => facts.pending(db, window.since, 100)],
  ['walk over pending orders further', (db) => facts.pending(db, window.since, 100, from)],
  ['tell which orders are outside a window', (db) => facts.outside(db, subjects, window)],
  ['look up a key', (db) => keys(db).find(db, 'user:1', 'key-1', 'f')],
  ['claim a key', (db) => keys(db).claim(db, 'user:1', 'key-1', 'f', lease)],
  ['take a key over', (db) => keys(db).reclaim(db, 'user:1', 'key-1', 'f', lease)],
  ['store the answer of a key', (db) => keys(db).complete(db, 'user:1', 'key-1', { status: 201, body: {} })],
  ['free a key', (db) => keys(db).release(db, 'user:1', 'key-1')],
];

describe('the statements of this service, on 20,000 orders', () => {
  const db = testDatabase('order_statements', { migrations });

  beforeAll(() => givenManyOrders(db), 180_000);

  it('are all looked at', () => {
    const repositories = [OrderRepository, CartRepository, RunRepository, FindingRepository, OrderFactsRepository];
    const methods = repositories.flatMap(({ prototype }) => Object.getOwnPropertyNames(prototype));

    const text = [...nightly, ...calls.map(([, call]) => String(call))].join('\n');
    for (const method of methods.filter((name) => name !== 'constructor')) expect(text).toContain(`.${method}(`);
  });

  describe.each(planModes)('with %s', (mode) => {
    it.each(calls)('%s without reading a whole table', async (_, call) => {
      const statements = await statementsOf(call);

      expect(statements.length).toBeGreaterThan(0);
      for (const statement of statements) expect(readWhole(await explain(db, statement, mode))).toEqual([]);
    });
  });
});
