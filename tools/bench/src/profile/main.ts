import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scenarios } from '../scenarios/index.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { progress, untilStopped } from '../until-stopped.ts';
import { type ProfileArguments, readArguments, usage } from './arguments.ts';
import { flameGraphPage } from './flame-graph.ts';
import { functionOf, packageOf, type SelfTime, selfTimes } from './self-time.ts';
import { takeProfiles } from './take-profiles.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../../..');

/** `npm run profile`. Returns the exit code. */
export async function main(argv: readonly string[], signals: NodeJS.EventEmitter = process): Promise<number> {
  const wanted = understood(argv);
  if (wanted === undefined) return 1;
  return untilStopped(signals, async (signal) => {
    const profiles = await takeProfiles({ ...wanted, say: progress(), signal });
    const folder = resolve(ROOT, wanted.out);
    mkdirSync(folder, { recursive: true });
    for (const [process, profile] of profiles) {
      const name = `${process}-${wanted.scenario.name}.cpuprofile`;
      const text = JSON.stringify(profile);
      const [file, page] = [join(folder, name), join(folder, `${name}.html`)];
      writeFileSync(file, text);
      writeFileSync(page, flameGraphPage(name, text));
      console.log(`\n${process}\n  profile      ${file}\n  flame graph  ${page}`);
      console.log(`\n${tableOf('by package', selfTimes(profile, packageOf).slice(0, wanted.top))}`);
      console.log(`\n${tableOf('by function', selfTimes(profile, functionOf).slice(0, wanted.top))}`);
    }
    return 0;
  });
}

interface Wanted extends Omit<ProfileArguments, 'scenario'> {
  readonly scenario: Scenario;
}

function understood(argv: readonly string[]): Wanted | undefined {
  try {
    const wanted = readArguments(argv);
    const scenario =
      scenarios.find(({ name }) => name === wanted.scenario) ?? scenarios.find(({ name }) => name.startsWith(wanted.scenario));
    if (scenario === undefined) throw new Error(`There is no scenario ${wanted.scenario}; npm run bench -- --list names all.`);
    return { ...wanted, scenario };
  } catch (error) {
    console.error(`✗ ${error instanceof Error ? error.message : error}\n\n${usage}`);
    return undefined;
  }
}

function tableOf(title: string, times: readonly SelfTime[]): string {
  const lines = times.map(
    ({ name, ms, share }) => `${ms.toFixed(0).padStart(8)} ms ${(100 * share).toFixed(1).padStart(6)} %  ${name}`,
  );
  return [`self time ${title}, idle left out`, ...lines].join('\n');
}
