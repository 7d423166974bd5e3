import { writeFileSync } from 'node:fs';
import { type Arguments, readArguments, usage } from './arguments.ts';
import { runBench } from './bench.ts';
import { comparisons, readBaseline, saveBaseline } from './report/baseline-file.ts';
import type { BenchResult } from './report/result.ts';
import { tableOf } from './report/table.ts';
import { chosen } from './scenarios/chosen.ts';
import { scenarios } from './scenarios/index.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { progress, untilStopped } from './until-stopped.ts';

/** `npm run bench`. Returns the exit code: 0 when everything was measured and, with --check, nothing has become worse. */
export async function main(argv: readonly string[], signals: NodeJS.EventEmitter = process): Promise<number> {
  const wanted = understood(argv);
  if (wanted === undefined) return 1;
  if (wanted.list) return print(wanted.scenarios);
  return untilStopped(signals, async (signal) => {
    if (wanted.check) readBaseline(); // without one the time would be spent for nothing
    const result = await runBench({ ...wanted, say: progress(), signal });
    console.log(`\n${tableOf(result.scenarios)}`);
    return conclude(result, wanted);
  });
}

interface Wanted extends Arguments {
  readonly scenarios: readonly Scenario[];
}

function understood(argv: readonly string[]): Wanted | undefined {
  try {
    const wanted = readArguments(argv);
    return { ...wanted, scenarios: chosen(scenarios, wanted.only) };
  } catch (error) {
    console.error(`✗ ${error instanceof Error ? error.message : error}\n\n${usage}`);
    return undefined;
  }
}

function print(listed: readonly Scenario[]): number {
  for (const { name, title, yardstick } of listed) console.log(`${name.padEnd(22)} ${(yardstick ?? '').padEnd(18)} ${title}`);
  return 0;
}

function conclude(result: BenchResult, { json, check, save }: Arguments): number {
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`);
  const compared = check ? comparisons(readBaseline().scenarios, result.scenarios) : [];
  if (check) console.log('\nbeside the committed figures:');
  for (const { text, isRegression } of compared) console.log(`${isRegression ? '✗' : '✓'} ${text}`);
  if (save) saveBaseline(result);
  return compared.some(({ isRegression }) => isRegression) ? 1 : 0;
}
