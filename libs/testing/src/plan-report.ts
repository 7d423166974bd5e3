import { appendFileSync } from 'node:fs';
import type { Sql } from '@emporium/postgres';
import { type MeasuredPlan, nodesOf } from './plan.ts';

/** A statement as `npm run explain` shows it. */
export interface ReportedPlan {
  /** The full name of the test that asked. */
  readonly test: string;
  readonly mode: string;
  readonly statement: string;
  readonly nodes: readonly string[];
  readonly expectedRows: number;
  /** Undefined when it was not run: its values break a rule of the data. */
  readonly rows: number | undefined;
  /** Pages of 8 KiB, in memory or not. */
  readonly pages: number | undefined;
  readonly milliseconds: number | undefined;
}

/** The file that plans are reported to, a line of JSON each: `EXPLAIN_REPORT`. Undefined: nobody asked. */
export const reportFile = (): string | undefined => process.env.EXPLAIN_REPORT || undefined;

export function reportPlan(file: string, test: string, statement: Sql, mode: string, plan: MeasuredPlan): void {
  const nodes = nodesOf(plan).map((node) =>
    [node['Node Type'], node['Index Name'] ?? node['Relation Name']].filter(Boolean).join(' '),
  );
  const line: ReportedPlan = {
    test,
    mode,
    statement: statement.text,
    nodes,
    expectedRows: plan['Plan Rows'],
    rows: plan['Actual Rows'],
    pages: plan['Shared Hit Blocks'] === undefined ? undefined : plan['Shared Hit Blocks'] + (plan['Shared Read Blocks'] ?? 0),
    milliseconds: plan['Actual Total Time'],
  };
  appendFileSync(file, `${JSON.stringify(line)}\n`);
}
