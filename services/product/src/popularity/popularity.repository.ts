import { sql, type Transaction } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';

interface Units {
  readonly productId: string;
  readonly quantity: number;
}

@Injectable()
export class PopularityRepository {
  /**
   * Adds units (or takes them away) and ignores products it does not know. Sums do not care for the order of events, so a
   * cancellation that arrives before its confirmation ends right as well; for that the score may be below zero for a while.
   */
  async add(tx: Transaction, units: readonly Units[]): Promise<void> {
    await tx.execute(sql`
      with sold as materialized (
        select u.product_id, sum(u.quantity) as quantity
          from unnest(${units.map((unit) => unit.productId)}::uuid[], ${units.map((unit) => unit.quantity)}::int[])
               as u (product_id, quantity)
         group by u.product_id
      ), locked as materialized (
        select p.product_id, s.quantity
          from sold s
          join popularity p on p.product_id = s.product_id
         order by p.product_id
           for no key update of p
      )
      update popularity p set score = p.score + l.quantity from locked l where p.product_id = l.product_id
    `);
  }
}
