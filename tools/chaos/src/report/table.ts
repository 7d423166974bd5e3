import { inWords } from '../figures.ts';
import type { ExperimentResult, SuiteResult } from './result.ts';

const HEAD = ['experiment', 'trials', 'ok', 'fail', 'unknown', 'orders', 'took', 'verdict', 'measured'];
const PLACES_SHOWN = 8;
const FIGURES_WIDTH = 78;

/** The end of a run, for people: the table, what did not hold and where, the seed and how to run it again. */
export function tableOf({ experiments, seed, held, replay, tookMs }: SuiteResult): string {
  const rows = [HEAD, ...experiments.flatMap(rowsOf)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => pad(cell, widths[column] ?? 0, column))
      .join('  ')
      .trimEnd(),
  );
  const broken = experiments.filter((experiment) => !experiment.held);
  return [
    '',
    ...lines,
    '',
    ...broken.flatMap(violationsInWords),
    held
      ? `Everything held in ${minutes(tookMs)}. Seed ${seed}.`
      : `${broken.length} of ${experiments.length} did not hold. Seed ${seed}.`,
    `Again: ${replay}`,
  ].join('\n');
}

/** One line of numbers; figures fill as many lines as they need. */
function rowsOf({ id, trials, requests, orders, tookMs, held, figures }: ExperimentResult): string[][] {
  const numbers = [trials, requests.ok, requests.fail, requests.unknown, orders].map(String);
  const [first = '', ...others] = filled(figures.map(inWords));
  const row = [id, ...numbers, `${(tookMs / 1_000).toFixed(0)} s`, held ? 'held' : 'BROKEN', first];
  return [row, ...others.map((other) => [...HEAD.slice(1).map(() => ''), other])];
}

function filled(words: readonly string[]): string[] {
  const lines: string[] = [];
  for (const word of words) {
    const line = lines.at(-1);
    if (line === undefined || line.length + word.length > FIGURES_WIDTH) lines.push(word);
    else lines[lines.length - 1] = `${line}; ${word}`;
  }
  return lines;
}

const pad = (text: string, width: number, column: number) =>
  column >= 1 && column <= 6 ? text.padStart(width) : text.padEnd(width);

function violationsInWords({ id, violations }: ExperimentResult): string[] {
  return violations.flatMap(({ rule, says, places }) => [
    `${id} breaks ${rule} (${says}), in ${places.length} places:`,
    ...places.slice(0, PLACES_SHOWN).map((place) => `  ${place}`),
    ...(places.length > PLACES_SHOWN ? [`  … and ${places.length - PLACES_SHOWN} more`] : []),
    '',
  ]);
}

const minutes = (ms: number) => `${Math.floor(ms / 60_000)} min ${Math.round((ms % 60_000) / 1_000)} s`;
