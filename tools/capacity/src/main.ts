import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Arguments, Mistakes, readArguments, usage } from './arguments.ts';
import { measuredSchema } from './bench.costs.ts';
import { mixSchema, volumeSchema } from './costs.ts';
import { readFiles } from './files.ts';
import { runsOrLoadSchema } from './load.runs.ts';
import { patchesOf } from './patches.ts';
import { NotMeasured, planOf } from './plan.ts';
import { assumptionsSchema, pricesSchema } from './prices.ts';
import { tableOf } from './table.ts';
import { compare, comparisonTable } from './validation.ts';

/** `npm run capacity`. Returns the exit code: 0 only if nothing that was asked for lacked a measurement. */
export function main(argv: readonly string[]): number {
  try {
    const wanted = readArguments(argv);
    return wanted.validate === undefined ? plan(wanted) : validate(wanted, wanted.validate);
  } catch (error) {
    if (error instanceof Mistakes) console.error(`${error.mistakes.map((mistake) => `✗ ${mistake}`).join('\n')}\n\n${usage}`);
    else if (error instanceof NotMeasured) console.error(error.message);
    else throw error;
    return 1;
  }
}

function plan(wanted: Arguments): number {
  const { costs, volume, mix, prices, assumptions } = readFiles({
    volume: { file: wanted.volume, schema: volumeSchema, otherwise: {} },
    costs: { file: wanted.costs, schema: measuredSchema },
    mix: { file: wanted.mix, schema: mixSchema },
    prices: { file: wanted.prices, schema: pricesSchema },
    assumptions: { file: wanted.assumptions, schema: assumptionsSchema },
  });
  const load = { average: wanted.rps, peak: wanted.rps * wanted.peak, headroom: wanted.headroom };
  const made = planOf({ costs: { ...volume, ...costs }, mix: mix.shares, load, assumptions, prices });
  write(wanted.json, made, () => tableOf(made, prices, assumptions));
  if (wanted.patches !== undefined) {
    mkdirSync(wanted.patches, { recursive: true });
    for (const [name, content] of Object.entries(patchesOf(made))) writeFileSync(join(wanted.patches, name), content);
  }
  return made.missing.length === 0 ? 0 : 1;
}

function validate(wanted: Arguments, file: string): number {
  const { costs, mix, runs } = readFiles({
    costs: { file: wanted.costs, schema: measuredSchema },
    mix: { file: wanted.mix, schema: mixSchema },
    runs: { file, schema: runsOrLoadSchema },
  });
  const comparisons = compare(costs, mix.shares, runs);
  write(wanted.json, comparisons, () => comparisonTable(comparisons));
  return 0;
}

/** `--json` alone instead of the table; with a file beside it. */
function write(json: string | undefined, content: unknown, table: () => string): void {
  const text = `${JSON.stringify(content, null, 2)}\n`;
  if (json === '') process.stdout.write(text);
  else console.log(table());
  if (json) writeFileSync(json, text);
}
