import { Postgres, type Transaction } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import { ProductClient } from '../products/product.client.ts';
import { cartChanged, productNotFound } from './cart.errors.ts';
import { CartRepository } from './cart.repository.ts';
import { type CartItem, type CartLine, checkRoom, isSame, missingFrom, withItem } from './cart.ts';

@Injectable()
export class CartService {
  constructor(
    private readonly postgres: Postgres,
    private readonly carts: CartRepository,
    private readonly products: ProductClient,
  ) {}

  /** The cart at today's prices; what left the catalogue leaves the cart. */
  async get(userId: string): Promise<CartLine[]> {
    const items = await this.itemsOf(userId);
    const { lines, gone } = await this.products.quoteAvailable(items);
    if (gone.length > 0) await this.carts.remove(this.postgres, userId, gone);
    return lines;
  }

  itemsOf(userId: string): Promise<CartItem[]> {
    return this.carts.itemsOf(this.postgres, userId);
  }

  /** Asks the product service once, for the new item and for the answer; again only about a cart that somebody else changed meanwhile. */
  async put(userId: string, item: CartItem): Promise<CartLine[]> {
    const known = await this.itemsOf(userId);
    checkRoom(known, item.productId);
    const { lines, gone } = await this.products.quoteAvailable(withItem(known, item));
    if (gone.includes(item.productId)) throw productNotFound(item.productId);
    const items = await this.postgres.transaction(async (tx) => {
      await this.carts.lock(tx, userId);
      const present = await this.carts.itemsOf(tx, userId);
      checkRoom(present, item.productId);
      await this.carts.put(tx, userId, item);
      return withItem(present, item);
    });
    if (gone.length > 0 || !isSame(items, lines)) return this.get(userId);
    return lines;
  }

  async remove(userId: string, productId: string): Promise<CartLine[]> {
    await this.carts.remove(this.postgres, userId, [productId]);
    return this.get(userId);
  }

  async clear(userId: string): Promise<void> {
    await this.carts.clear(this.postgres, userId);
  }

  /** Part of the transaction that places the order: the cart is gone if and only if the order exists. */
  async take(tx: Transaction, userId: string, expected: readonly CartItem[]): Promise<void> {
    const taken = await this.carts.take(tx, userId);
    if (!isSame(taken, expected)) throw cartChanged();
  }

  /** Gives back what a failed purchase took, as far as there is room beside what the customer has put in since. */
  async restore(tx: Transaction, userId: string, items: readonly CartItem[]): Promise<void> {
    await this.carts.lock(tx, userId);
    const present = await this.carts.itemsOf(tx, userId);
    await this.carts.add(tx, userId, missingFrom(present, items));
  }
}
