import { randomBytes } from 'node:crypto';
import { type Postgres, raw, type Sql, sql, type Transaction } from '@emporium/postgres';
import type { TestDatabase } from './test-database.ts';

/** A node of a plan, as `explain (format json)` writes it. */
export interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  Plans?: Plan[];
}

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
 */
export const explain = (db: TestDatabase, statement: Sql, mode: PlanMode): Promise<Plan> =>
  db.transaction(async (tx) => {
    await tx.query(sql`select set_config('plan_cache_mode', ${mode}, true)`);
    const name = `plan_${randomBytes(6).toString('hex')}`;
    await tx.execute(raw(`prepare ${name} as ${statement.text}`));
    const values = statement.values.length === 0 ? '' : `(${statement.values.map(literal).join(', ')})`;
    const [row] = await tx.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(raw(`explain (format json) execute ${name}${values}`));
    if (row === undefined) throw new Error('There is no plan.');
    return row['QUERY PLAN'][0].Plan;
  });

/** A plan's nodes, the topmost first. */
export const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** Names of the tables that a plan reads from the first page to the last. */
export const readWhole = (plan: Plan): (string | undefined)[] =>
  nodesOf(plan)
    .filter((node) => node['Node Type'] === 'Seq Scan')
    .map((node) => node['Relation Name']);

function literal(value: unknown): string {
  return value === null || value === undefined ? 'null' : `'${textOf(value).replaceAll("'", "''")}'`;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return `{${value.map((item) => JSON.stringify(textOf(item))).join(',')}}`;
  if (Buffer.isBuffer(value)) return `\\x${value.toString('hex')}`;
  return value instanceof Date ? value.toISOString() : String(value);
}
