import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { type ProcessStat, parseStat, ticksOfTree } from './process-stat.ts';

/** Seconds of a processor, by process. */
export type CpuSeconds = Readonly<Record<string, number>>;

/** Reads what processes have used of the processors so far, each with all it started. Linux only. */
export class CpuMeter {
  readonly #ticksPerSecond: number;

  /** `pids` is asked at each reading: a process that was started again must not go on under its old number. */
  constructor(private readonly pids: () => Readonly<Record<string, number>>) {
    if (!existsSync('/proc/self/stat')) throw new Error('The bench reads /proc/<pid>/stat, which only Linux has.');
    this.#ticksPerSecond = Number(execFileSync('getconf', ['CLK_TCK'], { encoding: 'utf8' }));
  }

  read(): CpuSeconds {
    const stats = allStats();
    return Object.fromEntries(
      Object.entries(this.pids()).map(([name, pid]) => [name, ticksOfTree(stats, pid) / this.#ticksPerSecond]),
    );
  }
}

/** What was used between two readings. */
export function usedBetween(before: CpuSeconds, after: CpuSeconds): CpuSeconds {
  return Object.fromEntries(Object.entries(after).map(([name, seconds]) => [name, seconds - (before[name] ?? 0)]));
}

/** Of everything that runs now. */
export function allStats(): ProcessStat[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'))];
      } catch {
        return []; // ended between the listing and the reading
      }
    });
}
