import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Arguments, readArguments, usage } from './arguments.ts';
import { findK6 } from './generator/find-k6.ts';
import { inspect, profilesIn } from './generator/inspect.ts';
import { builtK6, profilesFolder } from './places.ts';
import { tableOf } from './report/table.ts';
import { runProfile } from './run.ts';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** `npm run load`. Returns the exit code: 0 only if every threshold held. */
export async function main(argv: readonly string[], signals: NodeJS.EventEmitter = process): Promise<number> {
  const ending = new AbortController();
  const end = () => ending.abort(new Error('stopped'));
  for (const name of SIGNALS) signals.on(name, end);
  try {
    return await work(understood(argv), ending.signal);
  } catch (error) {
    if (ending.signal.aborted) {
      console.log('\nStopped; everything it started is ended.');
      return 130;
    }
    console.error(`✗ ${error instanceof Error ? error.message : error}`);
    return 1;
  } finally {
    for (const name of SIGNALS) signals.off(name, end);
  }
}

function understood(argv: readonly string[]): Arguments {
  try {
    return readArguments(argv);
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n\n${usage}`);
  }
}

async function work(wanted: Arguments, signal: AbortSignal): Promise<number> {
  const profiles = profilesIn(profilesFolder(ROOT));
  if (wanted.list) {
    console.log(profiles.join('\n'));
    return 0;
  }
  if (wanted.check) return check(profiles);
  const { profile } = wanted;
  if (profile === undefined || !profiles.includes(profile)) {
    throw new Error(`There is no profile ${profile}; there are ${profiles.join(', ')}.`);
  }
  const result = await runProfile(profile, wanted, { root: ROOT, environment: process.env, say: progress(), signal });
  console.log(tableOf(result));
  return result.held ? 0 : 1;
}

async function check(profiles: readonly string[]): Promise<number> {
  const k6 = findK6(process.env, builtK6(ROOT));
  for (const profile of profiles) {
    const { rate, seconds } = await inspect(k6, profilesFolder(ROOT), profile, {});
    console.log(`✓ ${profile.padEnd(12)} ${String(rate).padStart(5)} requests/s for ${seconds} s`);
  }
  return 0;
}

function progress(): (line: string) => void {
  const began = performance.now();
  return (line) => console.log(`[${((performance.now() - began) / 1_000).toFixed(0).padStart(5)} s] ${line}`);
}
