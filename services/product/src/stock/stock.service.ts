import { randomUUID } from 'node:crypto';
import { Postgres, type Transaction } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import { ProductCache } from '../products/product.cache.ts';
import { productNotFound } from '../products/product.errors.ts';
import { notEnoughOnHand, shelfIsFull } from './stock.errors.ts';
import { StockRepository } from './stock.repository.ts';
import { fits, type Inventory, type StockMovement } from './stock.ts';

type Movement = Omit<StockMovement, 'id'>;

@Injectable()
export class StockService {
  constructor(
    private readonly postgres: Postgres,
    private readonly stock: StockRepository,
    private readonly cache: ProductCache,
  ) {}

  /** Runs in the transaction that creates the product: there is never a product without books. */
  async open(tx: Transaction, { productId, quantity, reason, movedBy }: Movement): Promise<void> {
    await this.stock.open(tx, productId);
    if (quantity > 0) await this.stock.move(tx, { id: randomUUID(), productId, quantity, reason, movedBy });
  }

  async move(movement: Movement): Promise<Inventory> {
    const books = await this.postgres.transaction(async (tx) => {
      const before = await this.stock.lock(tx, movement.productId);
      if (before === undefined) throw productNotFound(movement.productId);
      if (before.onHand + movement.quantity < 0) throw notEnoughOnHand(before.onHand);
      if (!fits(before.supplied + movement.quantity)) throw shelfIsFull();
      return this.stock.move(tx, { id: randomUUID(), ...movement });
    });
    await Promise.all([this.cache.forget([movement.productId]), this.cache.forgetLists()]);
    return books;
  }

  /** Also of a product that is no longer on sale: its books stay. */
  async inventory(productId: string): Promise<Inventory> {
    const books = await this.stock.find(this.postgres, productId);
    if (books === undefined) throw productNotFound(productId);
    return books;
  }
}
