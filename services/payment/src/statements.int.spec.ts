import { randomUUID } from 'node:crypto';
import { paymentSettled } from '@emporium/contracts/payment';
import { Outbox } from '@emporium/events';
import { money } from '@emporium/money';
import { type AnyDatabase, explain, planModes, readWhole, statementsOf, testDatabase } from '@emporium/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { givenManyPayments } from '../test/many-payments.ts';
import { LedgerRepository } from './ledger/ledger.repository.ts';
import { chargeTaken } from './ledger/ledger.ts';
import { migrations } from './migrations.ts';
import { PaymentRepository } from './payments/payment.repository.ts';
import { openPayment } from './payments/payment.ts';
import { BooksRepository } from './reconciliation/books.repository.ts';
import { StatementRepository } from './reconciliation/statement.repository.ts';
import { RefundRepository } from './refunds/refund.repository.ts';
import type { Refund } from './refunds/refund.ts';
import { WebhookRepository } from './webhooks/webhook.repository.ts';

const id = randomUUID();
const at = new Date();
const amount = money(100, 'EUR');
const before = { at, id };
const payment = openPayment({ id, orderId: id, userId: id, paymentMethod: 'pm_card_visa', amount, at });
const order = { refundId: id, orderId: id, amount, reason: 'broken' };
const refund: Refund = { ...order, id, paymentId: id, chargeReference: 'pi_1', status: 'pending', failureReason: null };

const outbox = new Outbox();
const payments = new PaymentRepository();
const refunds = new RefundRepository();
const ledger = new LedgerRepository();
const webhooks = new WebhookRepository();
const books = new BooksRepository();
const statement = new StatementRepository();

const orderIds = Array.from({ length: 200 }, () => randomUUID());
const window = { since: new Date(Date.now() - 300_000), until: at };
const told = { reference: 'pi_1', orderId: id, refundId: undefined, chargeReference: undefined, createdAt: at };
const lines = Array.from({ length: 100 }, () => ({ ...told, kind: 'charge' as const, amount, status: 'succeeded' as const }));

/** Only the nightly job purges; both walks are made of `books.payments` and its like. */
const others = ['webhooks.purge(', 'books.walk(', 'ledger.waitForWriters('];

/** Of one row, or one for each account. */
const tiny: ReadonlySet<string | undefined> = new Set(['ledger_totals', 'ledger_totals_end']);

/** Every other method of the repositories. */
const calls: [name: string, call: (db: AnyDatabase) => Promise<unknown>][] = [
  ['open a payment', (db) => payments.insert(db, payment)],
  ['open a payment and ask at once', (db) => payments.open(db, payment, 2_000)],
  ['take overdue attempts', (db) => payments.takeOverdue(db, 50)],
  [
    'settle a payment at once',
    (db) =>
      payments.settle(db, payment, {
        event: (row) => outbox.insertion(paymentSettled, id, { orderId: id, outcome: 'succeeded' }, row),
        booking: (row) => ledger.insertion(chargeTaken({ paymentId: id, orderId: id, sourceId: id }, amount), row),
      }),
  ],
  ['find the payment of an order', (db) => payments.findByOrder(db, id)],
  ['lock the payment of an order', (db) => payments.lockByOrder(db, id)],
  ['save a payment', (db) => payments.save(db, payment)],
  ['claim an attempt', (db) => payments.claimAttempt(db, id, 2_000)],
  ['end an attempt', (db) => payments.endAttempt(db, id)],
  ['list payments', (db) => payments.list(db, { limit: 101 })],
  ['list payments further', (db) => payments.list(db, { limit: 101, before })],
  ['list payments of an order', (db) => payments.list(db, { limit: 101, orderId: id })],
  ['list payments of an order further', (db) => payments.list(db, { limit: 101, orderId: id, before })],
  ['find a refund', (db) => refunds.find(db, id)],
  ['find pending refunds of an order', (db) => refunds.pendingOf(db, id)],
  ['lock a payment for its refunds', (db) => refunds.lockPayment(db, id)],
  ['set an amount aside', (db) => refunds.reserve(db, order)],
  ['open a refund', (db) => refunds.insert(db, order)],
  ['give a refund', (db) => refunds.succeed(db, refund, 're_1')],
  ['refuse a refund', (db) => refunds.refuse(db, refund, { reason: 'no', reference: null })],
  ['reverse a refund', (db) => refunds.reverse(db, refund, 'no')],
  ['book a charge', (db) => ledger.insert(db, chargeTaken({ paymentId: id, orderId: id, sourceId: id }, amount))],
  ['list the ledger', (db) => ledger.list(db, { limit: 101 })],
  ['list the ledger further', (db) => ledger.list(db, { limit: 101, before: '20000' })],
  ['list the ledger of an order', (db) => ledger.list(db, { limit: 101, orderId: id })],
  ['list the ledger of an order further', (db) => ledger.list(db, { limit: 101, orderId: id, before: '20000' })],
  ['tell what each account holds', (db) => ledger.balances(db)],
  ['find the end of the ledger', (db) => ledger.lastPosition(db)],
  ['add up a piece of the ledger', (db) => ledger.addToTotals(db, '40000', 100)],
  ['compare the money of 200 orders', (db) => books.of(db, orderIds)],
  ['walk over changed payments', (db) => books.payments(db, window, 500)],
  ['walk over changed payments further', (db) => books.payments(db, window, 500, before)],
  ['walk over the statement', (db) => books.statement(db, window, 500)],
  ['walk over the statement further', (db) => books.statement(db, window, 500, { at, id: 'pi_1' })],
  ['walk over open money', (db) => books.open(db, 500)],
  ['take a page of the statement', (db) => statement.take(db, lines)],
  ['forget the statement', (db) => statement.purge(db, 35, 500)],
  ['note an event of the provider', (db) => webhooks.insert(db, { id: 'evt_new', type: 'charge' })],
];

describe('the statements of requests, on 20,000 payments', () => {
  const db = testDatabase('payment_statements', { migrations });

  beforeAll(() => givenManyPayments(db), 180_000);

  it('are all looked at', () => {
    const text = [...others, ...calls.map(([, call]) => String(call))].join('\n');

    for (const [name, repository] of Object.entries({ payments, refunds, ledger, webhooks, books, statement })) {
      const methods = Object.getOwnPropertyNames(Object.getPrototypeOf(repository)).filter((method) => method !== 'constructor');
      expect(methods.length).toBeGreaterThan(0);
      for (const method of methods) expect(text).toContain(`${name}.${method}(`);
    }
  });

  describe.each(planModes)('with %s', (mode) => {
    it.each(calls)('%s without reading a whole table', async (_, call) => {
      const statements = await statementsOf(call);

      expect(statements.length).toBeGreaterThan(0);
      for (const statement of statements) {
        const tables = readWhole(await explain(db, statement, mode));
        expect(tables.filter((table) => !tiny.has(table))).toEqual([]);
      }
    });
  });
});
