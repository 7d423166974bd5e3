import { randomBytes } from 'node:crypto';
import { type Postgres, raw, type Sql, sql, type Transaction } from '@emporium/postgres';
import { expect } from 'vitest';
import type { MeasuredPlan, Plan } from './plan.ts';
import { reportFile, reportPlan } from './plan-report.ts';
import { withIdsOfRows } from './plan-samples.ts';
import type { TestDatabase } from './test-database.ts';

/** The two plans a prepared statement may run with: made for its values, or for any values. */
export const planModes = ['force_custom_plan', 'force_generic_plan'] as const;
export type PlanMode = (typeof planModes)[number];

/** What a method of a repository may ask for, all at once. */
export type AnyDatabase = Postgres & Transaction;

/** What a call sends, without sending it: every read finds nothing, every write changes one row. Raises what the call raises. */
export async function statementsOf(call: (db: AnyDatabase) => Promise<unknown>): Promise<Sql[]> {
  const sent: Sql[] = [];
  const recorder = {
    query: async (statement: Sql) => {
      sent.push(statement);
      return [];
    },
    execute: async (statement: Sql) => {
      sent.push(statement);
      return 1;
    },
  };
  await call(recorder as unknown as AnyDatabase);
  return sent;
}

/**
 * The plan of a statement; it is not run. Goes through `prepare`, because only prepared statements have generic plans.
 * The planner goes by what it knows of the tables: fill them and `vacuum (analyze)` them first.
 * For `npm run explain` the statement is run as well, about rows that exist, and what it changed is undone.
 */
export async function explain(db: TestDatabase, statement: Sql, mode: PlanMode): Promise<Plan> {
  const plan = await db.transaction((tx) => planIn(tx, statement, mode, 'format json'));
  const file = reportFile();
  if (file === undefined) return plan;
  const measured = await measure(db, statement, mode).catch(() => plan);
  reportPlan(file, expect.getState().currentTestName ?? '', statement, mode, measured);
  return plan;
}

/** Nothing of the transaction stays. */
const UNDONE = new Error('undone');

async function measure(db: TestDatabase, statement: Sql, mode: PlanMode): Promise<MeasuredPlan> {
  let measured: MeasuredPlan | undefined;
  await db
    .transaction(async (tx) => {
      const values = await withIdsOfRows(tx, statement, await planIn(tx, statement, 'force_custom_plan', 'format json'));
      measured = await planIn(tx, { text: statement.text, values }, mode, 'analyze, buffers, format json');
      throw UNDONE;
    })
    .catch((error: unknown) => {
      if (error !== UNDONE) throw error;
    });
  if (measured === undefined) throw new Error('There is no plan.');
  return measured;
}

async function planIn(
  tx: Transaction,
  { text, values }: Pick<Sql, 'text' | 'values'>,
  mode: PlanMode,
  options: string,
): Promise<MeasuredPlan> {
  await tx.query(sql`select set_config('plan_cache_mode', ${mode}, true)`);
  const name = `plan_${randomBytes(6).toString('hex')}`;
  await tx.execute(raw(`prepare ${name} as ${text}`));
  const list = values.length === 0 ? '' : `(${values.map(literal).join(', ')})`;
  const [row] = await tx.query<{ 'QUERY PLAN': [{ Plan: MeasuredPlan }] }>(raw(`explain (${options}) execute ${name}${list}`));
  if (row === undefined) throw new Error('There is no plan.');
  return row['QUERY PLAN'][0].Plan;
}

function literal(value: unknown): string {
  return value === null || value === undefined ? 'null' : `'${textOf(value).replaceAll("'", "''")}'`;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return `{${value.map((item) => JSON.stringify(textOf(item))).join(',')}}`;
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`;
  return value instanceof Date ? value.toISOString() : String(value);
}
