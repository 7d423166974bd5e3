/** What one line of /proc/<pid>/stat says of the processor's time; times in clock ticks. */
export interface ProcessStat {
  readonly pid: number;
  readonly parent: number;
  /** User and system time of the process itself, and of its children that have ended. */
  readonly ticks: number;
}

/** proc_pid_stat(5). The name in brackets may itself hold spaces and brackets. */
export function parseStat(text: string): ProcessStat {
  const nameEnd = text.lastIndexOf(')');
  const fields = text
    .slice(nameEnd + 2)
    .trim()
    .split(' ')
    .map(Number);
  const [parent, user, system, endedUser, endedSystem] = [1, 11, 12, 13, 14].map((index) => fields[index] ?? Number.NaN);
  const ticks = (user ?? 0) + (system ?? 0) + (endedUser ?? 0) + (endedSystem ?? 0);
  const stat = { pid: Number.parseInt(text, 10), parent: parent ?? Number.NaN, ticks };
  if (nameEnd < 0 || Object.values(stat).some(Number.isNaN)) throw new Error(`This is no line of /proc/<pid>/stat: ${text}`);
  return stat;
}

/** Ticks of a process and of everything it started. Never goes back: what a child used is its parent's once it has ended. */
export function ticksOfTree(stats: readonly ProcessStat[], root: number): number {
  const tree = new Set(pidsOfTree(stats, root));
  return stats.filter(({ pid }) => tree.has(pid)).reduce((sum, { ticks }) => sum + ticks, 0);
}

/** A process and everything below it. */
export function pidsOfTree(stats: readonly ProcessStat[], root: number): number[] {
  if (!stats.some(({ pid }) => pid === root)) throw new Error(`Process ${root} does not run.`);
  const children = Map.groupBy(stats, ({ parent }) => parent);
  const below = (pid: number): number[] => [pid, ...(children.get(pid) ?? []).flatMap((child) => below(child.pid))];
  return below(root);
}
