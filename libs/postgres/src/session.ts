import type pg from 'pg';
import { observeQuery } from './pool-metrics.ts';
import type { ResolvedPostgresOptions } from './postgres-options.ts';
import { type Sql, statementName } from './sql.ts';

/** Sends one statement on one connection: prepared under a stable name, measured, logged when slow. */
export async function send(
  client: pg.PoolClient,
  statement: Sql,
  options: Pick<ResolvedPostgresOptions, 'applicationName' | 'slowQueryMs' | 'logger'>,
): Promise<pg.QueryResult> {
  const text = statement.text;
  const startedAt = performance.now();
  let outcome: 'ok' | 'error' = 'error';
  try {
    const result = await client.query({ name: statementName(text), text, values: statement.values });
    outcome = 'ok';
    return result;
  } finally {
    const elapsedMs = performance.now() - startedAt;
    observeQuery(options.applicationName, outcome, elapsedMs / 1_000);
    if (elapsedMs >= options.slowQueryMs) {
      options.logger?.warn('slow statement', { durationMs: Math.round(elapsedMs), outcome, statement: text.trim() });
    }
  }
}
