import { readFileSync } from 'node:fs';

/** What a process and all its descendants have used so far. */
export interface Use {
  readonly cpuSeconds: number;
  /** Shared pages are counted once, where the system says so (Pss), else by each process that has them. */
  readonly memoryBytes: number;
}

/** Linux counts processor time in hundredths of a second for programs, whatever its own clock. */
const TICKS_PER_SECOND = 100;
const PAGE_BYTES = 4_096;

/** Undefined where there is no /proc, or no such process. */
export function cpuSecondsOf(pid: number): number | undefined {
  const own = readStat(pid);
  if (own === undefined) return undefined;
  const ticks = processTree(pid).map((each) => (each === pid ? own : readStat(each)) ?? { used: 0, ended: 0 });
  return ticks.reduce((sum, { used, ended }) => sum + used + ended, 0) / TICKS_PER_SECOND;
}

/** What all programs of this machine have used so far; undefined where there is no /proc. */
export function machineCpuSeconds(): number | undefined {
  const text = read('/proc/stat');
  return text === undefined ? undefined : busyTicksIn(text) / TICKS_PER_SECOND;
}

/** Of the first line: user, nice, system, idle, iowait, irq, softirq, steal; all but the two in which nothing was done. */
export function busyTicksIn(stat: string): number {
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, steal = 0] = (stat.split('\n')[0] ?? '')
    .split(/\s+/)
    .slice(1)
    .map(Number);
  return user + nice + system + irq + softirq + steal;
}

export function memoryBytesOf(pid: number): number {
  return processTree(pid).reduce((sum, each) => sum + (pssOf(each) ?? residentOf(each) ?? 0), 0);
}

/** A process and everything below it; the process alone where there is no /proc. */
export function processTree(pid: number): number[] {
  return [pid, ...childrenOf(pid).flatMap(processTree)];
}

function childrenOf(pid: number): number[] {
  const text = read(`/proc/${pid}/task/${pid}/children`) ?? '';
  return text
    .split(' ')
    .filter((part) => part.trim() !== '')
    .map(Number);
}

/** Ticks of a process, and those of its children that ended and were waited for. */
export function ticksIn(stat: string): { used: number; ended: number } {
  // The name may hold spaces and brackets; what follows the last bracket begins with field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [user = 0, system = 0, childUser = 0, childSystem = 0] = fields.slice(11, 15).map(Number);
  return { used: user + system, ended: childUser + childSystem };
}

function readStat(pid: number): { used: number; ended: number } | undefined {
  const text = read(`/proc/${pid}/stat`);
  return text === undefined ? undefined : ticksIn(text);
}

function pssOf(pid: number): number | undefined {
  const kilobytes = /^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`) ?? '')?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) * 1_024;
}

function residentOf(pid: number): number | undefined {
  const pages = read(`/proc/${pid}/statm`)?.split(' ')[1];
  return pages === undefined ? undefined : Number(pages) * PAGE_BYTES;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined; // ended meanwhile, another system, or another user's
  }
}
