import { randomUUID } from 'node:crypto';
import { AppError } from '@emporium/errors';
import { sql } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { booksOf, disagreements, forgetfulCache, givenProduct } from '../../test/given.ts';
import { migrations } from '../migrations.ts';
import { StockRepository } from '../stock/stock.repository.ts';
import { StockService } from '../stock/stock.service.ts';
import { ReservationRepository } from './reservation.repository.ts';
import { ReservationService } from './reservation.service.ts';

type Operation =
  | { kind: 'reserve'; order: number; lines: { product: number; quantity: number }[] }
  | { kind: 'commit' | 'release' | 'giveBack' | 'outlive'; order: number }
  | { kind: 'expire' }
  | { kind: 'move'; product: number; quantity: number };

const order = fc.nat({ max: 3 });
const product = fc.nat({ max: 2 });
const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('reserve' as const),
      order,
      lines: fc.array(fc.record({ product, quantity: fc.integer({ min: 1, max: 6 }) }), { minLength: 1, maxLength: 4 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('commit' as const, 'release' as const, 'giveBack' as const, 'outlive' as const),
      order,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('expire' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('move' as const),
      product,
      quantity: fc.integer({ min: -8, max: 8 }).filter(Boolean),
    }),
  },
);

describe('the books', () => {
  const db = testDatabase('books', { migrations });
  const { cache } = forgetfulCache();
  const reservations = new ReservationService(db, new ReservationRepository(), cache, { reservationTtlMs: 60_000 });
  const stock = new StockService(db, new StockRepository(), cache);

  const given = async () => ({
    orders: Array.from({ length: 4 }, () => randomUUID()),
    products: [await givenProduct(db, { stock: 8 }), await givenProduct(db, { stock: 5 }), await givenProduct(db, { stock: 0 })],
  });
  const at = (list: readonly string[], index: number) => list[index] ?? '';

  async function run(operation: Operation, { orders, products }: Awaited<ReturnType<typeof given>>): Promise<void> {
    try {
      switch (operation.kind) {
        case 'reserve':
          await reservations.reserve(
            at(orders, operation.order),
            operation.lines.map((line) => ({ productId: at(products, line.product), quantity: line.quantity })),
          );
          return;
        case 'expire':
          await reservations.expire();
          return;
        case 'outlive':
          await db.execute(sql`update reservations set expires_at = now() where order_id = ${at(orders, operation.order)}`);
          return;
        case 'move':
          await stock.move({ productId: at(products, operation.product), quantity: operation.quantity, reason: 'Moved' });
          return;
        default:
          await reservations[operation.kind](at(orders, operation.order));
      }
    } catch (error) {
      // A refusal is an outcome like any other; a broken constraint is not.
      if (!(error instanceof AppError) || error.kind !== 'conflict') throw error;
    }
  }

  it('balance after any sequence of operations', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 25 }), async (operations) => {
        const shop = await given();
        for (const each of operations) await run(each, shop);

        expect(await disagreements(db)).toEqual([]);
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('balance when the operations run at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { minLength: 10, maxLength: 40 }), async (operations) => {
        const shop = await given();
        await Promise.all(operations.map((each) => run(each, shop)));

        expect(await disagreements(db)).toEqual([]);
      }),
      { numRuns: 25 },
    );
  }, 60_000);

  it.each([
    ['fewer than none on hand', sql`on_hand = -1, supplied = supplied - on_hand - 1`],
    ['fewer than none reserved', sql`reserved = -1, on_hand = on_hand + 1`],
    ['fewer than none sold', sql`sold = -1, on_hand = on_hand + 1`],
    ['units from nowhere', sql`on_hand = on_hand + 1`],
    ['lost units', sql`on_hand = on_hand - 1`],
  ])('are not allowed by the database to hold %s', async (_, change) => {
    const productId = await givenProduct(db, { stock: 5 });

    const changing = db.execute(sql`update stock set ${change} where product_id = ${productId}`);

    await expect(changing).rejects.toMatchObject({ code: '23514' });
    expect(await booksOf(db, productId)).toEqual({ supplied: 5, onHand: 5, reserved: 0, sold: 0 });
  });
});
