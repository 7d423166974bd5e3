import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchResult, ScenarioResult } from './result.ts';

const FILE = join(resolve(dirname(fileURLToPath(import.meta.url)), '../../../..'), 'loadtests/baselines/bench.json');

/** A ratio may be so much below the committed one, and a number of statements so much above. */
const TOLERANCE = 0.1;

/** Throws when there is none. */
export function readBaseline(): BenchResult {
  if (!existsSync(FILE)) throw new Error(`There are no committed figures in ${FILE}; --save writes them.`);
  return JSON.parse(readFileSync(FILE, 'utf8')) as BenchResult;
}

export function saveBaseline(result: BenchResult): void {
  const before = existsSync(FILE) ? readBaseline().scenarios : [];
  writeFileSync(FILE, `${JSON.stringify({ ...result, scenarios: merged(before, result.scenarios) }, null, 2)}\n`);
}

/** Scenarios that were not measured now stay as they were. */
export function merged<Each extends { readonly name: string }>(before: readonly Each[], now: readonly Each[]): Each[] {
  const measured = new Map(now.map((each) => [each.name, each]));
  const kept = before.map((each) => measured.get(each.name) ?? each);
  return [...kept, ...now.filter(({ name }) => !before.some((each) => each.name === name))];
}

type Compared = Pick<ScenarioResult, 'name' | 'ratio' | 'statements'>;

export interface Comparison {
  readonly text: string;
  readonly isRegression: boolean;
}

/** What can be compared: ratios, and numbers of statements. Both are much the same on every machine; milliseconds are not. */
export function comparisons(committed: readonly Compared[], measured: readonly Compared[]): Comparison[] {
  return measured.flatMap((now) => {
    const before = committed.find(({ name }) => name === now.name);
    return [...ratioComparison(now, before), ...statementComparison(now, before)];
  });
}

function ratioComparison({ name, ratio }: Compared, before: Compared | undefined): Comparison[] {
  if (ratio === undefined || before?.ratio === undefined || before.ratio.of !== ratio.of) return [];
  const change = ratio.median / before.ratio.median - 1;
  const [now, then] = [ratio.median, before.ratio.median].map((value) => value.toPrecision(3));
  const text = `${name}: ${now} of ${ratio.of}, and was ${then} (${percent(change)})`;
  return [{ text, isRegression: change < -TOLERANCE }];
}

function statementComparison({ name, statements }: Compared, before: Compared | undefined): Comparison[] {
  if (statements === undefined || before?.statements === undefined) return [];
  const change = statements.perRequest / before.statements.perRequest - 1;
  const [now, then] = [statements.perRequest, before.statements.perRequest].map((count) => count.toFixed(1));
  const text = `${name}: ${now} SQL statements, and were ${then} (${percent(change)})`;
  return [{ text, isRegression: change > TOLERANCE }];
}

const percent = (change: number) => `${change < 0 ? '−' : '+'}${Math.abs(100 * change).toFixed(0)} %`;
