import { randomUUID } from 'node:crypto';
import { type AnyDatabase, explain, nodesOf, planModes, readWhole, statementsOf, testDatabase } from '@emporium/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { givenManyProducts } from '../test/many-products.ts';
import { CategoryRepository } from './catalog/category.repository.ts';
import { migrations } from './migrations.ts';
import { PopularityRepository } from './popularity/popularity.repository.ts';
import { ProductRepository } from './products/product.repository.ts';
import { ReconciliationRepository } from './reconciliation/reconciliation.repository.ts';
import { ReservationRepository } from './reservations/reservation.repository.ts';
import { steps } from './reservations/reservation.ts';
import { seedCatalog } from './seed/seed-catalog.ts';
import { StockRepository } from './stock/stock.repository.ts';

const id = randomUUID();
const ids = Array.from({ length: 50 }, () => randomUUID());
const lines = ids.map((productId, position) => ({ productId, quantity: 1, position }));
const draft = { id, sku: 'A', name: 'A', description: 'A', category: 'category-1', price: { amount: 1, currency: 'EUR' } };

const products = new ProductRepository();
const stock = new StockRepository();
const reservations = new ReservationRepository();
const reconciliation = new ReconciliationRepository();
const orderIds = Array.from({ length: 200 }, () => randomUUID());
const window = { since: new Date(Date.now() - 300_000), until: new Date() };

/** Every method that speaks SQL, but for the listings, which have a specification of their own. */
const calls: [name: string, call: (db: AnyDatabase) => Promise<unknown>][] = [
  ['read a product', (db) => products.find(db, id)],
  ['quote fifty products', (db) => products.findMany(db, ids)],
  ['quote one product', (db) => products.findMany(db, [id])],
  ['quote two products', (db) => products.findMany(db, ids.slice(0, 2))],
  ['create a product', (db) => products.insert(db, draft)],
  ['change a product', (db) => products.update(db, id, { name: 'B' }, [1])],
  ['withdraw a product', (db) => products.withdraw(db, id)],
  ['open a category', (db) => products.openCategory(db, 'category-13', 'Category 13')],
  ['open books', (db) => stock.open(db, id)],
  ['lock books', (db) => stock.lock(db, id)],
  ['move stock', (db) => stock.move(db, { id, productId: id, quantity: 1, reason: 'A' }).catch(ignoreMissingRow)],
  ['read books', (db) => stock.find(db, id)],
  ['reserve fifty lines', (db) => reservations.reserve(db, id, lines, 1_000)],
  ['reserve one line', (db) => reservations.reserve(db, id, lines.slice(0, 1), 1_000)],
  ['commit a reservation', (db) => reservations.take(db, id, steps.commit)],
  ['entomb an order', (db) => reservations.entomb(db, id)],
  ['expire reservations', (db) => reservations.expire(db, 200)],
  ['forget what is over', (db) => reservations.purgeOver(db, 604_800_000, 500)],
  ['forget what was sold', (db) => reservations.purgeCommitted(db, 7_776_000_000, 500)],
  ['find a reservation', (db) => reservations.find(db, id)],
  ['walk over moved reservations', (db) => reconciliation.moved(db, window, 500)],
  ['walk over moved reservations further', (db) => reconciliation.moved(db, window, 500, { at: window.since, id })],
  ['look at 200 reservations', (db) => reconciliation.reservations(db, orderIds)],
  ['compare the books of fifty products', (db) => reconciliation.books(db, ids)],
  ['look for overdue reservations', (db) => reconciliation.overdue(db, 300_000, 200)],
  ['count fifty sales', (db) => new PopularityRepository().add(db, lines)],
  ['count one sale', (db) => new PopularityRepository().add(db, lines.slice(0, 1))],
];

function ignoreMissingRow(error: unknown): void {
  if (!(error instanceof Error) || !error.message.includes('has no books')) throw error;
}

describe('the statements of this service, on 20,000 products and 20,000 orders', () => {
  const db = testDatabase('statements', { migrations });

  beforeAll(() => givenManyProducts(db), 180_000);

  describe.each(planModes)('with %s', (mode) => {
    it.each(calls)('%s without reading a whole table', async (_, call) => {
      const statements = await statementsOf(call);

      expect(statements.length).toBeGreaterThan(0);
      for (const statement of statements) expect(readWhole(await explain(db, statement, mode))).toEqual([]);
    });

    it.each([
      ['what is over', reservations.purgeOver, 'reservations_over_updated_at_idx'],
      ['what was sold', reservations.purgeCommitted, 'reservations_committed_updated_at_idx'],
    ] as const)('forget %s by the index of its own time of keeping', async (_, purge, index) => {
      const [statement] = await statementsOf((recorder) => purge(recorder, 604_800_000, 500));
      if (statement === undefined) throw new Error('There is no statement.');

      expect(nodesOf(await explain(db, statement, mode)).map((node) => node['Index Name'])).toContain(index);
    });

    it('count products per category from an index; only the dozen categories are read as a whole', async () => {
      const [statement] = await statementsOf((recorder) => new CategoryRepository().list(recorder));
      if (statement === undefined) throw new Error('There is no statement.');

      expect(readWhole(await explain(db, statement, mode))).toEqual(['categories']);
    });
  });
});

/** Nobody has counted the rows of a new shop yet: the server looks once a minute. */
describe('the statements of the first purchases, on a catalogue that was just seeded', () => {
  const db = testDatabase('seeded', { migrations });
  const ofPurchases = ['quote one product', 'quote two products', 'reserve one line', 'commit a reservation', 'count one sale'];

  beforeAll(() => seedCatalog(db));

  describe.each(planModes)('with %s', (mode) => {
    it.each(calls.filter(([name]) => ofPurchases.includes(name)))('%s by primary keys', async (_, call) => {
      for (const statement of await statementsOf(call)) {
        const nodes = nodesOf(await explain(db, statement, mode));

        expect(nodes.flatMap((node) => node['Index Name'] ?? [])).toEqual(
          expect.arrayContaining([expect.stringMatching(/_pkey$/)]),
        );
        expect(nodes.flatMap((node) => node['Index Name'] ?? []).filter((name) => !name.endsWith('_pkey'))).toEqual([]);
        expect(nodes.filter((node) => node['Node Type'] === 'Seq Scan')).toEqual([]);
      }
    });
  });
});
