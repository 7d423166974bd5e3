import { existsSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { type Platform, processTree } from '@emporium/local';
import { pause } from '../schedule/pause.ts';

/** A tenth of the processor's time of one that is as important as usual, when both want it. */
const low = 10;
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
    if (door.includes(name)) continue;
    // PostgreSQL has a process for each connection.
    for (const each of processTree(pid)) lower(each);
    if (!existsSync(groupOf(pid))) continue;
    lowerGroup(pid);
    await pause(betweenGroupsMs, signal);
  }
}

/** Where Linux shares the processor by groups first, a priority counts within the group alone, and each of ours has a group of its own. */
const groupOf = (pid: number): string => `/proc/${pid}/autogroup`;

function lower(pid: number): void {
  try {
    setPriority(pid, low);
  } catch {
    // It has ended, or is another user's: then it keeps its priority.
  }
}

function lowerGroup(pid: number): void {
  try {
    writeFileSync(groupOf(pid), String(low));
  } catch {
    // As above.
  }
}
