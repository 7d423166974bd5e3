import { readFile, stat } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { Platform } from '@emporium/local';
import { Postgres, raw, sql } from '@emporium/postgres';
import type { StatementCount } from '../report/result.ts';
import type { OpenScenario } from '../scenarios/scenario.ts';
import { isTransactionControl, LOG_PREFIX, type LoggedStatement, loggedStatements } from './logged-statements.ts';

const REQUESTS = 200;
const IDLE_MS = 3_000;
const SETTLE_MS = 1_500;

/** Counts the statements that reach the server, by its own log, after the times were taken: writing the log costs some. */
export async function countStatements(
  platform: Platform,
  scenarios: readonly OpenScenario[],
): Promise<Map<string, StatementCount>> {
  const counts = new Map<string, StatementCount>();
  const counted = scenarios.filter(({ countStatements }) => countStatements);
  if (counted.length === 0) return counts;
  const admin = new Postgres({ url: platform.urls.postgres, applicationName: 'bench', max: 1, min: 0 });
  try {
    await admin.execute(sql`alter system set log_statement = 'all'`);
    await admin.execute(sql`alter system set log_line_prefix = ${raw(`'${LOG_PREFIX}'`)}`);
    await admin.query(sql`select pg_reload_conf()`);
    const idle = await during(platform, () => delay(IDLE_MS));
    for (const { name, drive } of counted) {
      const busy = await during(platform, async () => {
        await drive({ amount: REQUESTS });
        await delay(SETTLE_MS);
      });
      counts.set(name, countOf(busy, idle, REQUESTS));
    }
    await admin.execute(sql`alter system reset log_statement`);
    await admin.query(sql`select pg_reload_conf()`);
  } finally {
    await admin.close();
  }
  return counts;
}

interface Period {
  readonly statements: readonly LoggedStatement[];
  readonly tookMs: number;
}

async function during(platform: Platform, work: () => Promise<unknown>): Promise<Period> {
  const file = platform.logFile('postgres');
  const { size } = await stat(file);
  const began = performance.now();
  await work();
  const tookMs = performance.now() - began;
  const log = await readFile(file);
  return { statements: loggedStatements(log.subarray(size).toString('utf8')), tookMs };
}

/** What the idle platform would have done in the same time is taken off. */
export function countOf(busy: Period, idle: Period, requests: number): StatementCount {
  const count = (wanted: (statement: LoggedStatement) => boolean) => {
    const background = (idle.statements.filter(wanted).length * busy.tookMs) / idle.tookMs;
    return Math.max(0, busy.statements.filter(wanted).length - background) / requests;
  };
  const databases = [...new Set(busy.statements.map(({ database }) => database))].toSorted();
  const perDatabase = databases.map((name) => {
    return [name, count((statement) => statement.database === name && !isTransactionControl(statement))] as const;
  });
  return {
    perRequest: count((statement) => !isTransactionControl(statement)),
    transactionControl: count(isTransactionControl),
    byDatabase: Object.fromEntries(perDatabase.filter(([, each]) => each >= 0.05)),
  };
}
