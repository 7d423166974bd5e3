import { type Queryable, sql, type Transaction } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import type { CartItem } from './cart.ts';

interface CartRow {
  product_id: string;
  quantity: number;
}

@Injectable()
export class CartRepository {
  async itemsOf(db: Queryable, userId: string): Promise<CartItem[]> {
    const rows = await db.query<CartRow>(sql`
      select product_id, quantity from cart_items where user_id = ${userId} order by added_at, product_id
    `);
    return rows.map(toItem);
  }

  /** Until the transaction ends nobody else adds to this cart: its size cannot be counted by two at once. */
  async lock(tx: Transaction, userId: string): Promise<void> {
    await tx.query(sql`select pg_advisory_xact_lock(hashtextextended(${`cart:${userId}`}, 0))::text`);
  }

  async put(tx: Transaction, userId: string, item: CartItem): Promise<void> {
    await tx.execute(sql`
      insert into cart_items (user_id, product_id, quantity) values (${userId}, ${item.productId}, ${item.quantity})
      on conflict (user_id, product_id) do update set quantity = excluded.quantity
    `);
  }

  async remove(db: Queryable, userId: string, productIds: readonly string[]): Promise<void> {
    await db.execute(sql`delete from cart_items where user_id = ${userId} and product_id = any(${[...productIds]}::uuid[])`);
  }

  async clear(db: Queryable, userId: string): Promise<void> {
    await db.execute(sql`delete from cart_items where user_id = ${userId}`);
  }

  /** Empties the cart and returns what was in it: of two purchases of one cart, one finds it empty. */
  async take(tx: Transaction, userId: string): Promise<CartItem[]> {
    const rows = await tx.query<CartRow>(sql`delete from cart_items where user_id = ${userId} returning product_id, quantity`);
    return rows.map(toItem);
  }

  async add(tx: Transaction, userId: string, items: readonly CartItem[]): Promise<void> {
    await tx.execute(sql`
      insert into cart_items (user_id, product_id, quantity)
      select ${userId}, item."productId", item.quantity
        from jsonb_to_recordset(${JSON.stringify(items)}) as item ("productId" uuid, quantity int)
    `);
  }
}

const toItem = (row: CartRow): CartItem => ({ productId: row.product_id, quantity: row.quantity });
