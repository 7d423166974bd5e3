import { existsSync } from 'node:fs';
import { cpuSecondsOf, memoryBytesOf } from '@emporium/local';

/** Seconds of a processor, by process. */
export type CpuSeconds = Readonly<Record<string, number>>;

/** Reads what processes have used of the processors so far, each with all it started. Linux only. */
export class CpuMeter {
  /** `pids` is asked at each reading: a process that was started again must not go on under its old number. */
  constructor(private readonly pids: () => Readonly<Record<string, number>>) {
    if (!existsSync('/proc/self/stat')) throw new Error('The bench reads /proc/<pid>/stat, which only Linux has.');
  }

  read(): CpuSeconds {
    return ofEach(this.pids(), (pid) => {
      const seconds = cpuSecondsOf(pid);
      if (seconds === undefined) throw new Error(`Process ${pid} does not run.`);
      return seconds;
    });
  }
}

/** What was used between two readings. */
export function usedBetween(before: CpuSeconds, after: CpuSeconds): CpuSeconds {
  return Object.fromEntries(Object.entries(after).map(([name, seconds]) => [name, seconds - (before[name] ?? 0)]));
}

/** Resident memory of processes with all they started, in MiB; what processes share (PostgreSQL's buffers) is divided among them. */
export const residentMiB = (pids: Readonly<Record<string, number>>): Record<string, number> =>
  ofEach(pids, (pid) => Math.round((10 * memoryBytesOf(pid)) / 2 ** 20) / 10);

const ofEach = (pids: Readonly<Record<string, number>>, read: (pid: number) => number) =>
  Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, read(pid)]));
