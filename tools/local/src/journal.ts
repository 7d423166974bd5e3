import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from './errors.ts';
import { endProcess, identityOf, isAlive, type ProcessIdentity } from './process-identity.ts';

export interface JournalEntry extends ProcessIdentity {
  readonly name: string;
  readonly stopSignal: NodeJS.Signals;
}

interface Pages {
  readonly runner: ProcessIdentity;
  readonly processes: readonly JournalEntry[];
}

/**
 * Which processes this runner started, on disk: a runner that is killed cannot stop them, so the next one reads here what is left.
 * Written synchronously, right after each start, so that hardly anything can happen in between.
 */
export class Journal {
  readonly #entries = new Map<string, JournalEntry>();
  readonly #runner = identityOf(process.pid) ?? { pid: process.pid, startedAt: 'unknown' };

  constructor(readonly file: string) {
    mkdirSync(dirname(file), { recursive: true });
  }

  add(name: string, pid: number, stopSignal: NodeJS.Signals): void {
    const identity = identityOf(pid);
    if (identity === undefined) return;
    this.#entries.set(name, { ...identity, name, stopSignal });
    this.write();
  }

  remove(name: string): void {
    if (this.#entries.delete(name)) this.write();
  }

  write(): void {
    const pages: Pages = { runner: this.#runner, processes: [...this.#entries.values()] };
    const unfinished = `${this.file}.${process.pid}`;
    writeFileSync(unfinished, `${JSON.stringify(pages, null, 2)}\n`);
    renameSync(unfinished, this.file);
  }

  delete(): void {
    rmSync(this.file, { force: true });
  }
}

/** The runner that wrote the journal, if it still runs. */
export function runnerOf(file: string): ProcessIdentity | undefined {
  const runner = read(file)?.runner;
  return runner !== undefined && isAlive(runner) ? runner : undefined;
}

/** Ends what a killed runner left running, last started first. Returns the names of what was ended. */
export async function endLeftovers(file: string, patienceMs = 5_000): Promise<string[]> {
  const left = (read(file)?.processes ?? []).filter(isAlive).toReversed();
  for (const entry of left) await endProcess(entry, entry.stopSignal, patienceMs);
  return left.map((entry) => entry.name);
}

function read(file: string): Pages | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Pages;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
