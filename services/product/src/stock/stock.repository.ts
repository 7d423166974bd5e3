import { type Queryable, sql, type Transaction } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import type { Inventory, StockMovement } from './stock.ts';

interface InventoryRow {
  supplied: number;
  on_hand: number;
  reserved: number;
  sold: number;
}

@Injectable()
export class StockRepository {
  /** Opens the books of a new product. */
  async open(tx: Transaction, productId: string): Promise<void> {
    await tx.execute(sql`insert into stock (product_id) values (${productId})`);
  }

  /** The books of a product on sale; nobody else moves its units until the transaction ends. */
  async lock(tx: Transaction, productId: string): Promise<Inventory | undefined> {
    const [row] = await tx.query<InventoryRow>(sql`
      select s.supplied, s.on_hand, s.reserved, s.sold
        from stock s
        join products p on p.id = s.product_id
       where s.product_id = ${productId} and p.deleted_at is null
         for no key update of s
    `);
    return row && toInventory(row);
  }

  /** The database refuses to leave less than nothing on hand. */
  async move(tx: Transaction, { id, productId, quantity, reason, movedBy }: StockMovement): Promise<Inventory> {
    const [row] = await tx.query<InventoryRow>(sql`
      with noted as (
        insert into stock_movements (id, product_id, quantity, reason, moved_by)
        values (${id}, ${productId}, ${quantity}, ${reason}, ${movedBy ?? null})
      )
      update stock s
         set supplied = s.supplied + ${quantity}::int, on_hand = s.on_hand + ${quantity}::int
       where s.product_id = ${productId}
      returning s.supplied, s.on_hand, s.reserved, s.sold
    `);
    if (row === undefined) throw new Error(`Product ${productId} has no books.`);
    return toInventory(row);
  }

  async find(db: Queryable, productId: string): Promise<Inventory | undefined> {
    const [row] = await db.query<InventoryRow>(sql`
      select s.supplied, s.on_hand, s.reserved, s.sold from stock s where s.product_id = ${productId}
    `);
    return row && toInventory(row);
  }
}

const toInventory = (row: InventoryRow): Inventory => ({
  supplied: row.supplied,
  onHand: row.on_hand,
  reserved: row.reserved,
  sold: row.sold,
});
