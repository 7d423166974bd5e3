import { type Postgres, sql } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';
import type { StatementLine } from '../provider/statement.ts';

/** Copies of what the provider told. */
@Injectable()
export class StatementRepository {
  /**
   * Writes lines down as they are now, those about orders of ours, and returns how many that were. A refund belongs to the order of its
   * charge, whatever it says itself. One statement, which is its own transaction.
   */
  take(db: Postgres, lines: readonly StatementLine[]): Promise<number> {
    return db.execute(sql`
      insert into provider_statement (reference, kind, order_id, refund_id, charge_reference, amount_minor, currency, status, created_at)
      select t.reference, t.kind, coalesce(p.order_id, c.order_id, t."orderId"), t."refundId", t."chargeReference", t.amount, t.currency,
             t.status, t."createdAt"
        from jsonb_to_recordset(${JSON.stringify(lines.map(toJson))})
             as t (reference text, kind text, "orderId" uuid, "refundId" uuid, "chargeReference" text, amount int8, currency text,
                   status text, "createdAt" timestamptz)
        left join payments p on p.provider_reference = t."chargeReference"
        left join provider_statement c on c.reference = t."chargeReference"
       where coalesce(p.order_id, c.order_id, t."orderId") is not null
       order by t.reference
      on conflict (reference) do update
         set amount_minor = excluded.amount_minor, currency = excluded.currency, status = excluded.status, seen_at = now()
    `);
  }

  /** Forgets at most `limit` lines that were made so long ago. A run that needs one again asks the provider for it. */
  purge(db: Postgres, olderThanDays: number, limit: number): Promise<number> {
    return db.execute(sql`
      delete from provider_statement
       where reference = any (array(
               select s.reference
                 from provider_statement s
                where s.created_at < now() - ${olderThanDays}::int * interval '1 day'
                order by s.created_at
                limit ${limit}
             ))
    `);
  }
}

const toJson = ({ amount, ...line }: StatementLine) => ({ ...line, ...amount });
