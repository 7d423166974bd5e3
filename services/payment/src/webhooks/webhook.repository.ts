import { type Queryable, sql, type Transaction } from '@emporium/postgres';
import { Injectable } from '@nestjs/common';

@Injectable()
export class WebhookRepository {
  /** Returns false when the event was seen before; waits for one that is being handled right now. */
  async insert(tx: Transaction, event: { id: string; type: string }): Promise<boolean> {
    const inserted = await tx.execute(sql`
      insert into webhook_events (id, type) values (${event.id}, ${event.type}) on conflict (id) do nothing
    `);
    return inserted === 1;
  }

  /** Forgets events that the provider no longer repeats. Returns how many. */
  purge(db: Queryable, olderThanDays: number): Promise<number> {
    return db.execute(sql`delete from webhook_events where received_at < now() - ${olderThanDays}::int * interval '1 day'`);
  }
}
