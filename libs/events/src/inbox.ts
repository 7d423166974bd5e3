import { type Queryable, sql, type Transaction } from '@emporium/postgres';

/** Marks an event as seen by a group. False: it was seen before. A second transaction waits here until the first has ended. */
export async function enterInbox(tx: Transaction, group: string, eventId: string): Promise<boolean> {
  const entered = await tx.execute(sql`
    insert into event_inbox (group_name, event_id) values (${group}, ${eventId}) on conflict do nothing
  `);
  return entered === 1;
}

/** Marks many; returns the ids that were not seen before. In the order of ids, so that two who enter the same do not wait in a circle. */
export async function enterAllInInbox(tx: Transaction, group: string, eventIds: readonly string[]): Promise<Set<string>> {
  const rows = await tx.query<{ event_id: string }>(sql`
    insert into event_inbox (group_name, event_id)
    select ${group}, entered.id from unnest(${[...new Set(eventIds)].sort()}::uuid[]) as entered (id)
    on conflict do nothing
    returning event_id
  `);
  return new Set(rows.map((row) => row.event_id));
}

/** Forgets events of a week ago. Nothing repeats them any more: streams are restored for one day back. Returns how many. */
export async function purgeInbox(db: Queryable): Promise<number> {
  return db.execute(sql`delete from event_inbox where handled_at < now() - interval '7 days'`);
}
