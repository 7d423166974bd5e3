import { randomUUID } from 'node:crypto';
import { isCheckViolation } from '@emporium/postgres';
import { testDatabase } from '@emporium/testing';
import { describe, expect, it } from 'vitest';
import { migrations } from '../migrations.ts';
import { CartRepository } from './cart.repository.ts';
import type { CartItem } from './cart.ts';

describe('carts in the database', () => {
  const db = testDatabase('cart_repository', { migrations });
  const carts = new CartRepository();
  const one = (quantity = 1): CartItem => ({ productId: randomUUID(), quantity });

  async function filled(...items: CartItem[]): Promise<string> {
    const userId = randomUUID();
    for (const item of items) await db.transaction((tx) => carts.put(tx, userId, item));
    return userId;
  }

  it('keep the order in which products were put in, and the last quantity of each', async () => {
    const [first, second] = [one(), one()];
    const userId = await filled(first, second, { ...first, quantity: 9 });

    expect(await carts.itemsOf(db, userId)).toEqual([{ ...first, quantity: 9 }, second]);
  });

  it('lose what is removed, and nothing of anybody else', async () => {
    const [first, second, third] = [one(), one(), one()];
    const userId = await filled(first, second, third);
    const other = await filled(first);

    await carts.remove(db, userId, [first.productId, third.productId]);
    await carts.clear(db, await filled(second));

    expect(await carts.itemsOf(db, userId)).toEqual([second]);
    expect(await carts.itemsOf(db, other)).toEqual([first]);
  });

  it('are taken by exactly one of twenty racing purchases', async () => {
    const items = [one(1), one(2), one(3)];
    const userId = await filled(...items);

    const taken = await Promise.all(Array.from({ length: 20 }, () => db.transaction((tx) => carts.take(tx, userId))));

    expect(taken.filter(({ length }) => length > 0)).toEqual([expect.arrayContaining(items)]);
    expect(await carts.itemsOf(db, userId)).toEqual([]);
  });

  it('stay as they are when the purchase that took them fails', async () => {
    const item = one();
    const userId = await filled(item);

    const failed = db.transaction(async (tx) => {
      await carts.take(tx, userId);
      throw new Error('no order');
    });

    await expect(failed).rejects.toThrow('no order');
    expect(await carts.itemsOf(db, userId)).toEqual([item]);
  });

  it('are counted by one at a time, each cart by itself', async () => {
    const [userId, other] = [randomUUID(), randomUUID()];
    const seen = await Promise.all(
      Array.from({ length: 10 }, () =>
        db.transaction(async (tx) => {
          await carts.lock(tx, userId);
          const { length } = await carts.itemsOf(tx, userId);
          await carts.add(tx, userId, [one()]);
          return length;
        }),
      ),
    );
    await db.transaction(async (tx) => {
      await carts.lock(tx, userId);
      await db.transaction((another) => carts.lock(another, other));
    });

    expect(seen.sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('hold 1 to 99 pieces of a product, whatever the code does', async () => {
    for (const quantity of [0, 100]) {
      await expect(filled(one(quantity))).rejects.toSatisfy((error) => isCheckViolation(error));
    }
  });
});
