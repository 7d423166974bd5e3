import { describe, expect, it } from 'vitest';
import { countOf } from './count-statements.ts';
import { loggedStatements } from './logged-statements.ts';

const log = `
bench|order_db|LOG:  statement: begin
bench|order_db|LOG:  execute emporium_12ab: insert into orders (id)
\t\tvalues ($1)
bench|order_db|DETAIL:  Parameters: $1 = 'LOG:  statement: begin'
bench|order_db|LOG:  execute <unnamed>: select 1
bench|order_db|LOG:  statement: COMMIT
bench|product_db|LOG:  statement: select 2
bench|order_db|ERROR:  deadlock detected
bench||LOG:  checkpoint starting: time
`;

describe('a log of PostgreSQL', () => {
  it('holds the statements of each database, however many lines one has', () => {
    expect(loggedStatements(log)).toEqual([
      { database: 'order_db', text: 'begin' },
      { database: 'order_db', text: 'insert into orders (id) values ($1)' },
      { database: 'order_db', text: 'select 1' },
      { database: 'order_db', text: 'COMMIT' },
      { database: 'product_db', text: 'select 2' },
    ]);
  });
});

describe('the statements of a request', () => {
  it('are those of its time, less what goes on anyway', () => {
    const statement = (database: string, text: string, count: number) =>
      Array.from({ length: count }, () => ({ database, text }));
    const busy = [
      ...statement('order_db', 'insert', 100),
      ...statement('order_db', 'begin', 20),
      ...statement('user_db', 'poll', 4),
    ];
    const idle = statement('user_db', 'poll', 2);

    expect(countOf({ statements: busy, tookMs: 2_000 }, { statements: idle, tookMs: 1_000 }, 10)).toEqual({
      perRequest: 10,
      transactionControl: 2,
      byDatabase: { order_db: 10 },
    });
  });
});
