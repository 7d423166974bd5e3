import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { codeOf } from './errors.ts';
import { endProcess, identityOf, isAlive, type ProcessIdentity } from './process-identity.ts';

export interface JournalEntry extends ProcessIdentity {
  readonly name: string;
  readonly stopSignal: NodeJS.Signals;
}

/**
 * Which processes this runner started, on disk: a runner that is killed cannot stop them, so the next one reads here what is left.
 * Written synchronously, right after each start, so that hardly anything can happen in between.
 */
export class Journal {
  readonly #entries = new Map<string, JournalEntry>();

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

  delete(): void {
    rmSync(this.file, { force: true });
  }

  private write(): void {
    const unfinished = `${this.file}.${process.pid}`;
    writeFileSync(unfinished, `${JSON.stringify([...this.#entries.values()], null, 2)}\n`);
    renameSync(unfinished, this.file);
  }
}

/** Ends what a killed runner left running, last started first. Returns the names of what was ended. */
export async function endLeftovers(file: string, patienceMs = 5_000): Promise<string[]> {
  const left = read(file).filter(isAlive).toReversed();
  for (const entry of left) await endProcess(entry, entry.stopSignal, patienceMs);
  rmSync(file, { force: true });
  return left.map((entry) => entry.name);
}

function read(file: string): JournalEntry[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as JournalEntry[];
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return [];
    throw error;
  }
}
