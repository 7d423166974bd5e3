import { randomUUID } from 'node:crypto';
import { sql } from '@emporium/postgres';
import { type AnyDatabase, explain, planModes, readWhole, statementsOf, testDatabase } from '@emporium/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { DeadLetters, park } from './dead-letter.ts';
import { enterInbox } from './inbox.ts';
import { eventsMigrations } from './migrations.ts';

const id = randomUUID();
const letters = new DeadLetters({ add: async () => undefined });
const entry = { id: '1-0', stream: 'order.events', text: '{}', tries: 3 };

/** What a request or an event takes. Clearing up reads what it clears. */
const calls: [name: string, call: (db: AnyDatabase) => Promise<unknown>][] = [
  ['list dead letters', (db) => letters.list(db, { limit: 101 })],
  ['list dead letters further', (db) => letters.list(db, { limit: 101, after: { at: new Date(), id } })],
  ['send a dead letter again', (db) => letters.requeue(db, id).catch(ignoreMissingRow)],
  ['park an event', (db) => park(db, 'product', entry, new Error('no'))],
  ['enter the inbox', (db) => enterInbox(db, 'product', id)],
];

function ignoreMissingRow(error: unknown): void {
  if (!(error instanceof Error) || !error.message.startsWith('There is no dead letter')) throw error;
}

describe('the statements about events, on 20,000 of each', () => {
  const db = testDatabase('events_statements', { migrations: [eventsMigrations] });

  beforeAll(async () => {
    await db.define(`
      insert into event_inbox (group_name, event_id) select 'product', gen_random_uuid() from generate_series(1, 20000);
      insert into dead_letters (group_name, stream, event_id, type, envelope, error, tries, parked_at)
      select 'product', 'order.events', n, 'order.confirmed.v1', '{}', 'no', 3, now() - n * interval '1 second' from generate_series(1, 20000) n;
    `);
    await db.define('vacuum (analyze) event_inbox, dead_letters');
  });

  describe.each(planModes)('with %s', (mode) => {
    it.each(calls)('%s without reading a whole table', async (_, call) => {
      const statements = await statementsOf(call);

      expect(statements.length).toBeGreaterThan(0);
      for (const statement of statements) expect(readWhole(await explain(db, statement, mode))).toEqual([]);
    });
  });

  it('show a whole table being read, where it is', async () => {
    expect(readWhole(await explain(db, sql`select id from dead_letters where error = ${'x'}`, 'force_custom_plan'))).toEqual([
      'dead_letters',
    ]);
  });
});
