import { existsSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { type Platform, processTree } from '@emporium/local';
import { pause } from '../schedule/pause.ts';

/** A tenth of the processor's time of one that is as important as usual, when both want it. */
const low = 10;
/** Three times that; only root may give it. A client that is woken by its answer would take the processor from the door otherwise. */
const high = -5;
/** Linux takes one change of a group every tenth of a second from users other than root. */
const betweenGroupsMs = 150;

/**
 * Gives the door the right of way, as on a node of its own: here it shares two cores with whatever it protects, and with its clients. A
 * process started later comes with the usual priority.
 */
export async function giveRightOfWay(
  platform: Pick<Platform, 'pids'>,
  door: readonly string[],
  signal: AbortSignal,
): Promise<void> {
  for (const [name, pid] of Object.entries(platform.pids())) {
    const priority = door.includes(name) ? high : low;
    // PostgreSQL has a process for each connection.
    for (const each of processTree(pid)) setPriorityOf(each, priority);
    if (!existsSync(groupOf(pid))) continue;
    setPriorityOfGroup(pid, priority);
    await pause(betweenGroupsMs, signal);
  }
}

/** Where Linux shares the processor by groups first, a priority counts within the group alone, and each of ours has a group of its own. */
const groupOf = (pid: number): string => `/proc/${pid}/autogroup`;

function setPriorityOf(pid: number, priority: number): void {
  try {
    setPriority(pid, priority);
  } catch {
    // It has ended, is another user's, or only root may: then it keeps its priority.
  }
}

function setPriorityOfGroup(pid: number, priority: number): void {
  try {
    writeFileSync(groupOf(pid), String(priority));
  } catch {
    // As above.
  }
}
