import { randomUUID } from 'node:crypto';
import { Replica, sql } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { booksOf, disagreements, forgetfulCache, givenProduct } from '../../test/given.ts';
import { migrations } from '../migrations.ts';
import { StockRepository } from '../stock/stock.repository.ts';
import { StockService } from '../stock/stock.service.ts';
import { ProductRepository } from './product.repository.ts';
import { ProductService } from './product.service.ts';

const admin = randomUUID();
const draft = (sku = `SKU-${randomUUID()}`) => ({
  sku,
  name: 'Copper Kettle',
  description: 'Sings at a hundred degrees.',
  category: 'kettles',
  price: { amount: 5_900, currency: 'EUR' },
});
const failing = (kind: string, code: string) => expect.objectContaining({ kind, code });

describe('products', () => {
  const db = testDatabase('products', { migrations });
  const { cache, forgotten } = forgetfulCache();
  const stock = new StockService(db, new StockRepository(), cache);
  const products = new ProductService(db, new Replica(db), new ProductRepository(), stock, cache, { currency: 'EUR' });
  const read = async (id: string) => (await products.read(id)).value;

  beforeEach(() => {
    forgotten.length = 0;
  });

  describe('creating', () => {
    it('puts the product on sale with its first units, its books and its category', async () => {
      const created = await products.create(draft('KET-1'), 12, admin);

      expect(created).toMatchObject({ ...draft('KET-1'), available: 12, version: 1, imageUrl: undefined });
      expect(await read(created.id)).toEqual(created);
      expect(await booksOf(db, created.id)).toEqual({ supplied: 12, onHand: 12, reserved: 0, sold: 0 });
      expect(await disagreements(db)).toEqual([]);
      expect(forgotten).toEqual([created.id, 'lists', 'categories']);
      const [movement] = await db.query(sql`select reason, moved_by from stock_movements where product_id = ${created.id}`);
      expect(movement).toEqual({ reason: 'Initial stock', moved_by: admin });
    });

    it('without units is possible', async () => {
      const created = await products.create(draft(), 0, admin);

      expect(created.available).toBe(0);
      expect(await booksOf(db, created.id)).toEqual({ supplied: 0, onHand: 0, reserved: 0, sold: 0 });
    });

    it('refuses a SKU that another product has, and leaves nothing behind', async () => {
      await products.create(draft('KET-2'), 1, admin);

      await expect(products.create({ ...draft('KET-2'), category: 'left-behind' }, 1, admin)).rejects.toEqual(
        failing('conflict', 'sku-taken'),
      );

      expect(await db.query(sql`select 1 from categories where slug = 'left-behind'`)).toEqual([]);
    });

    it('gives one of twenty racers the SKU', async () => {
      const results = await Promise.allSettled(Array.from({ length: 20 }, () => products.create(draft('KET-3'), 1, admin)));

      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    });

    it('refuses another currency than that of the catalogue', async () => {
      const dollars = { ...draft(), price: { amount: 1, currency: 'USD' } };

      await expect(products.create(dollars, 1, admin)).rejects.toMatchObject({
        kind: 'invalid',
        errors: [{ field: 'price.currency', message: 'must be EUR' }],
      });
    });
  });

  describe('changing', () => {
    it('changes what is named and nothing else', async () => {
      const before = await products.create(draft(), 3, admin);
      forgotten.length = 0;

      const after = await products.update(before.id, { price: { amount: 4_900, currency: 'EUR' } }, undefined);

      expect(after).toEqual({ ...before, price: { amount: 4_900, currency: 'EUR' }, version: 2, updatedAt: after.updatedAt });
      expect(forgotten).toEqual([before.id, 'lists']);
    });

    it('changes all of it, to a category that did not exist', async () => {
      const { id } = await products.create(draft(), 3, admin);
      const change = { name: 'Tea Urn', description: 'Holds ten litres.', category: 'urns', imageUrl: '/urn.jpg' };
      forgotten.length = 0;

      expect(await products.update(id, change, [1])).toMatchObject({ ...change, version: 2 });
      expect(forgotten).toEqual([id, 'lists', 'categories']);
    });

    it('of a version that is gone is refused', async () => {
      const { id } = await products.create(draft(), 3, admin);
      await products.update(id, { name: 'First' }, [1]);

      await expect(products.update(id, { name: 'Second' }, [1])).rejects.toEqual(
        failing('precondition-failed', 'product-changed'),
      );
      await expect(products.update(id, { name: 'Second' }, [])).rejects.toEqual(
        failing('precondition-failed', 'product-changed'),
      );
      await expect(products.withdraw(id, [1])).rejects.toEqual(failing('precondition-failed', 'product-changed'));

      expect(await read(id)).toMatchObject({ name: 'First', version: 2 });
    });

    it('with a version lets one of twenty racers win', async () => {
      const { id } = await products.create(draft(), 3, admin);

      const results = await Promise.allSettled(
        Array.from({ length: 20 }, (_, index) => products.update(id, { name: `Racer ${index}` }, [1])),
      );

      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect((await read(id)).version).toBe(2);
    });

    it('of the currency is refused, and of nothing is not found', async () => {
      const { id } = await products.create(draft(), 3, admin);

      await expect(products.update(id, { price: { amount: 1, currency: 'USD' } }, undefined)).rejects.toEqual(
        failing('invalid', 'invalid-request'),
      );
      await expect(products.update(randomUUID(), { name: 'X' }, undefined)).rejects.toEqual(
        failing('not-found', 'product-not-found'),
      );
    });
  });

  describe('withdrawing', () => {
    it('takes the product off sale, keeps its books and frees its SKU', async () => {
      const { id, sku } = await products.create(draft(), 3, admin);
      forgotten.length = 0;

      await products.withdraw(id, [1]);

      expect(forgotten).toEqual([id, 'lists', 'categories']);
      await expect(products.read(id)).rejects.toEqual(failing('not-found', 'product-not-found'));
      await expect(products.update(id, { name: 'X' }, undefined)).rejects.toEqual(failing('not-found', 'product-not-found'));
      await expect(products.withdraw(id, undefined)).rejects.toEqual(failing('not-found', 'product-not-found'));
      await expect(products.quote([{ productId: id, quantity: 1 }])).rejects.toMatchObject({
        kind: 'invalid',
        errors: [{ field: 'items.0.productId', message: 'is not on sale' }],
      });
      expect(await stock.inventory(id)).toMatchObject({ supplied: 3 });
      expect((await products.create(draft(sku), 1, admin)).id).not.toBe(id);
    });
  });

  describe('quoting', () => {
    it('answers line by line in the order asked, also twice the same product', async () => {
      const [first, second] = [await products.create(draft(), 1, admin), await products.create(draft(), 1, admin)];

      const lines = await products.quote([
        { productId: second.id, quantity: 2 },
        { productId: first.id.toUpperCase(), quantity: 1 },
        { productId: second.id, quantity: 3 },
      ]);

      const unitPrice = { amount: 5_900, currency: 'EUR' };
      expect(lines).toEqual([
        { productId: second.id, name: 'Copper Kettle', quantity: 2, unitPrice },
        { productId: first.id, name: 'Copper Kettle', quantity: 1, unitPrice },
        { productId: second.id, name: 'Copper Kettle', quantity: 3, unitPrice },
      ]);
    });

    it('names each line it does not know', async () => {
      const known = await givenProduct(db);
      const lines = [randomUUID(), known, randomUUID()].map((productId) => ({ productId, quantity: 1 }));

      await expect(products.quote(lines)).rejects.toMatchObject({
        errors: [{ field: 'items.0.productId' }, { field: 'items.2.productId' }],
      });
    });
  });

  describe('moving stock', () => {
    it('supplies and takes away, with a reason and a name', async () => {
      const id = await givenProduct(db, { stock: 5 });

      expect(await stock.move({ productId: id, quantity: 7, reason: 'Delivery', movedBy: admin })).toEqual({
        supplied: 12,
        onHand: 12,
        reserved: 0,
        sold: 0,
      });
      expect(await stock.move({ productId: id, quantity: -2, reason: 'Broken', movedBy: admin })).toMatchObject({ onHand: 10 });
      expect(await disagreements(db)).toEqual([]);
      expect(forgotten).toEqual([id, 'lists', id, 'lists']);
    });

    it('takes no more than there is', async () => {
      const id = await givenProduct(db, { stock: 5 });

      await expect(stock.move({ productId: id, quantity: -6, reason: 'Lost' })).rejects.toMatchObject({
        code: 'not-enough-on-hand',
        errors: [{ field: 'quantity', message: 'only 5 on hand' }],
      });
    });

    it('supplies no more than the books can hold', async () => {
      const id = await givenProduct(db, { stock: 2_147_000_000 });

      await expect(stock.move({ productId: id, quantity: 1_000_000, reason: 'Flood' })).rejects.toEqual(
        failing('conflict', 'shelf-is-full'),
      );
    });

    it('by many at once loses no unit', async () => {
      const id = await givenProduct(db, { stock: 10 });

      const results = await Promise.allSettled(
        Array.from({ length: 40 }, (_, index) =>
          stock.move({ productId: id, quantity: index % 2 === 0 ? 1 : -1, reason: 'Counted' }),
        ),
      );

      const moved = results.filter(({ status }) => status === 'fulfilled').length;
      expect(moved).toBeGreaterThanOrEqual(30);
      expect(await disagreements(db)).toEqual([]);
    });

    it('of a product that is not there, or not any more, is not found', async () => {
      const gone = await givenProduct(db);
      await products.withdraw(gone, undefined);

      for (const productId of [randomUUID(), gone]) {
        await expect(stock.move({ productId, quantity: 1, reason: 'X' })).rejects.toEqual(
          failing('not-found', 'product-not-found'),
        );
      }
      await expect(stock.inventory(randomUUID())).rejects.toEqual(failing('not-found', 'product-not-found'));
    });
  });
});
