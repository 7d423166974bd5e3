import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf } from './errors.ts';

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessIdentity {
  readonly pid: number;
  /** When it began, in the system's own words; only ever compared. */
  readonly startedAt: string;
}

/** Asks /proc on Linux, because a small system may have no `ps`, and `ps` elsewhere. */
export function identityOf(pid: number, platform: NodeJS.Platform = process.platform): ProcessIdentity | undefined {
  const startedAt = platform === 'linux' ? startedAtOnLinux(pid) : startedAtByPs(pid);
  return startedAt === undefined ? undefined : { pid, startedAt };
}

/** True while exactly this process runs; a zombie, or another process with its number, does not count. */
export function isAlive(identity: ProcessIdentity): boolean {
  return identityOf(identity.pid)?.startedAt === identity.startedAt;
}

/** Ends the process: politely first, by SIGKILL when it does not listen. Does nothing to a process that is not the one meant. */
export async function endProcess(identity: ProcessIdentity, signal: NodeJS.Signals, patienceMs: number): Promise<void> {
  for (const [next, waitMs] of [[signal, patienceMs] as const, ['SIGKILL', 5_000] as const]) {
    if (!isAlive(identity)) return;
    sendSignal(identity.pid, next);
    const deadline = Date.now() + waitMs;
    while (isAlive(identity) && Date.now() < deadline) await delay(20);
  }
}

/** Like `process.kill`, but a process that is gone already is no error. Returns whether the signal was sent. */
export function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (codeOf(error) === 'ESRCH') return false;
    throw error;
  }
}

function startedAtOnLinux(pid: number): string | undefined {
  try {
    // The second field is the command in brackets and may itself hold spaces and brackets; state is field 3, start time field 22.
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${bootId}/${fields[19]}`;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ESRCH') return undefined;
    throw error;
  }
}

function startedAtByPs(pid: number): string | undefined {
  try {
    const [state, ...start] = execFileSync('ps', ['-o', 'state=,lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      env: { LC_ALL: 'C' },
    })
      .trim()
      .split(/\s+/);
    return state === undefined || state.startsWith('Z') ? undefined : start.join(' ');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') throw error;
    return undefined; // ps leaves with 1 when there is no such process
  }
}
