import { readFileSync } from 'node:fs';
import { allStats } from './cpu-meter.ts';
import { pidsOfTree } from './process-stat.ts';

/** Resident memory of processes with all they started, in MiB; what processes share (PostgreSQL's buffers) is divided among them. */
export function residentMiB(pids: Readonly<Record<string, number>>): Record<string, number> {
  const stats = allStats();
  return Object.fromEntries(
    Object.entries(pids).map(([name, pid]) => {
      const kiB = pidsOfTree(stats, pid).reduce((sum, each) => sum + residentKiB(each), 0);
      return [name, Math.round(kiB / 102.4) / 10];
    }),
  );
}

function residentKiB(pid: number): number {
  try {
    return proportionalKiB(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'));
  } catch {
    return 0; // ended since it was listed
  }
}

export function proportionalKiB(rollup: string): number {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(rollup)?.[1] ?? 0);
}
