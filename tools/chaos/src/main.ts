import { writeFileSync } from 'node:fs';
import { type Arguments, readArguments, usage } from './arguments.ts';
import type { Experiment } from './experiment.ts';
import { experiments } from './experiments/index.ts';
import { tableOf } from './report/table.ts';
import { runSuite } from './suite.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** `npm run chaos`. Returns the exit code: 0 only if everything held. */
export async function main(argv: readonly string[], signals: NodeJS.EventEmitter = process): Promise<number> {
  const wanted = understood(argv);
  if (wanted === undefined) return 1;
  const { chosen, seed, smoke, trials, keep, json } = wanted;
  if (wanted.list) return print(chosen);
  const say = progress();
  const result = await untilAsked(signals, (signal) => runSuite({ experiments: chosen, seed, smoke, trials, keep, signal, say }));
  if (result === undefined) {
    console.log('\nStopped; everything it started is ended.');
    return 130;
  }
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(result, null, 2)}\n`);
  console.log(tableOf(result));
  return result.held ? 0 : 1;
}

function understood(argv: readonly string[]): (Arguments & { readonly chosen: Experiment[] }) | undefined {
  try {
    const wanted = readArguments(argv);
    return { ...wanted, chosen: choose(wanted.only, wanted.smoke) };
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
