import { writeFileSync } from 'node:fs';
import { type Arguments, readArguments, usage } from './arguments.ts';
import type { Experiment } from './experiment.ts';
import { experiments } from './experiments/index.ts';
import { catchTable } from './planted-bugs/catch-table.ts';
import { type HuntResult, hunt } from './planted-bugs/hunt.ts';
import type { PlantedBug } from './planted-bugs/planted-bug.ts';
import { plantedBugs } from './planted-bugs/planted-bugs.ts';
import type { SuiteResult } from './report/result.ts';
import { tableOf } from './report/table.ts';
import { runSuite } from './suite.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** `npm run chaos`. Returns the exit code: 0 only if everything held. */
export async function main(argv: readonly string[], signals: NodeJS.EventEmitter = process): Promise<number> {
  const wanted = understood(argv);
  if (wanted === undefined) return 1;
  const { chosen, bugs, seed, smoke, trials, keep, json } = wanted;
  if (wanted.list) return wanted.planted ? printBugs(bugs) : print(chosen);
  const say = progress();
  const result = await untilAsked<SuiteResult | HuntResult>(signals, (signal) =>
    wanted.planted
      ? hunt(bugs, { experiments, seed, keep, signal, say })
      : runSuite({ experiments: chosen, seed, smoke, trials, keep, signal, say }),
  );
  if (result === undefined) {
    console.log('\nStopped; everything it started is ended.');
    return 130;
  }
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`);
  console.log('catches' in result ? catchTable(result) : tableOf(result));
  return result.held ? 0 : 1;
}

interface Wanted extends Arguments {
  readonly chosen: readonly Experiment[];
  readonly bugs: readonly PlantedBug[];
}

function understood(argv: readonly string[]): Wanted | undefined {
  try {
    const wanted = readArguments(argv);
    if (wanted.planted) return { ...wanted, chosen: [], bugs: chooseBugs(wanted.only) };
    return { ...wanted, chosen: choose(wanted.only, wanted.smoke), bugs: [] };
  } catch (error) {
    console.error(`✗ ${error instanceof Error ? error.message : error}\n\n${usage}`);
    return undefined;
  }
}

function choose(only: readonly string[] | undefined, smoke: boolean): Experiment[] {
  const unknown = only?.filter((id) => !experiments.some((experiment) => experiment.id === id)) ?? [];
  if (unknown.length > 0) throw new Error(`There is no experiment ${unknown.join(', ')}; --list names all.`);
  return experiments.filter(({ id, smoke: inSmoke }) => only?.includes(id) ?? (!smoke || inSmoke !== undefined));
}

function chooseBugs(only: readonly string[] | undefined): PlantedBug[] {
  const unknown = only?.filter((id) => !plantedBugs.some((bug) => bug.id === id)) ?? [];
  if (unknown.length > 0) throw new Error(`There is no planted bug ${unknown.join(', ')}; --planted --list names all.`);
  return plantedBugs.filter(({ id }) => only?.includes(id) ?? true);
}

function printBugs(bugs: readonly PlantedBug[]): number {
  for (const { id, experiments: by, title } of bugs) console.log(`${id.padEnd(26)} ${by.join(', ').padEnd(30)} ${title}`);
  return 0;
}

function print(chosen: readonly Experiment[]): number {
  for (const { id, group, title, trials, smoke } of chosen) {
    console.log(
      `${id.padEnd(34)} ${group.padEnd(10)} ${String(trials).padStart(4)} ${String(smoke ?? '–').padStart(4)}  ${title}`,
    );
  }
  return 0;
}

/** Ctrl-C ends the work in order, and then there is no result; a second one changes nothing. */
async function untilAsked<Result>(
  signals: NodeJS.EventEmitter,
  work: (signal: AbortSignal) => Promise<Result>,
): Promise<Result | undefined> {
  const ending = new AbortController();
  const end = () => ending.abort(new Error('stopped'));
  for (const name of SIGNALS) signals.on(name, end);
  try {
    return await work(ending.signal);
  } catch (error) {
    if (!ending.signal.aborted) throw error;
    return undefined;
  } finally {
    for (const name of SIGNALS) signals.off(name, end);
  }
}

function progress(): (line: string) => void {
  const began = performance.now();
  return (line) => console.log(`[${((performance.now() - began) / 1_000).toFixed(0).padStart(5)} s] ${line}`);
}
