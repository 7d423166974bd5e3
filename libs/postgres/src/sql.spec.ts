import { describe, expect, it, vi } from 'vitest';
import { join, maxPreparedTexts, sql, statementName } from './sql.ts';

describe('a statement', () => {
  it('carries values beside the text, never in it', () => {
    const statement = sql`select * from users where email = ${"'; drop table users; --"} and id in (${join([1, 2])})`;

    expect(statement.text).toBe('select * from users where email = $1 and id in ($2,$3)');
    expect(statement.values).toEqual(["'; drop table users; --", 1, 2]);
  });
});

describe('the name of a prepared statement', () => {
  it('depends on the text alone', () => {
    expect(statementName('select 1')).toBe(statementName('select 1'));
    expect(statementName('select 1')).not.toBe(statementName('select 2'));
  });

  it('fits into the 63 bytes that Postgres compares', () => {
    expect(statementName(`select ${'x'.repeat(10_000)}`)?.length).toBeLessThanOrEqual(63);
  });

  it('is given to a limited number of texts, so that texts built in a loop do not fill the server', async () => {
    vi.resetModules();
    const fresh: typeof import('./sql.ts') = await import('./sql.ts');
    const named = Array.from({ length: maxPreparedTexts + 5 }, (_, n) => fresh.statementName(`select ${n}`));

    expect(named.filter((name) => name !== undefined)).toHaveLength(maxPreparedTexts);
    expect(named.at(-1)).toBeUndefined();
    expect(fresh.statementName('select 0')).toBe(named[0]);
  });
});
