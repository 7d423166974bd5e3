import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { BenchResult, ScenarioResult } from './result.ts';

const FILE = join(resolve(dirname(fileURLToPath(import.meta.url)), '../../../..'), 'loadtests/baselines/bench.json');

/** A ratio may be so much below the committed one. Round to round it moves by less than half of that. */
const TOLERANCE = 0.1;

export function readBaseline(): BenchResult {
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

/** What has become worse by more than a tenth, in words. Only ratios, and numbers of statements: these are the same on every machine. */
export function regressions(committed: readonly Compared[], measured: readonly Compared[]): string[] {
  return measured.flatMap((now) => {
    const before = committed.find(({ name }) => name === now.name);
    return [...ratioRegression(now, before), ...statementRegression(now, before)];
  });
}

function ratioRegression({ name, ratio }: Compared, before: Compared | undefined): string[] {
  if (ratio === undefined || before?.ratio === undefined || before.ratio.of !== ratio.of) return [];
  const change = ratio.median / before.ratio.median - 1;
  if (change >= -TOLERANCE) return [];
  return [
    `${name}: ${ratio.median.toPrecision(3)} of ${ratio.of}, and was ${before.ratio.median.toPrecision(3)} (${percent(change)})`,
  ];
}

function statementRegression({ name, statements }: Compared, before: Compared | undefined): string[] {
  if (statements === undefined || before?.statements === undefined) return [];
  const change = statements.perRequest / before.statements.perRequest - 1;
  if (change <= TOLERANCE) return [];
  const [now, then] = [statements.perRequest, before.statements.perRequest].map((count) => count.toFixed(1));
  return [`${name}: ${now} SQL statements, and was ${then} (${percent(change)})`];
}

const percent = (change: number) => `${change > 0 ? '+' : '−'}${Math.abs(100 * change).toFixed(0)} %`;
