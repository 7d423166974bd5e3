import { readdir, readFile, readlink, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { codeOf, StartError } from './errors.ts';
import { identityOf } from './process-identity.ts';

// Backends notice within a second that their server is gone; a long sort or a checkpoint may keep one for longer.
const LEFTOVERS_PATIENCE_MS = 10_000;

/** The server writes its state into the eighth line of its lock file; pg_ctl waits for the same word. */
export async function isServing(folder: string, pid: number): Promise<boolean> {
  const lines = await lockLines(folder);
  return Number(lines?.[0]) === pid && lines?.[7]?.trim() === 'ready';
}

/**
 * Makes room for a server after one was killed: waits for its orphaned backends, and removes the lock file where PostgreSQL would
 * not dare to, because the number in it belongs to another program by now. Throws if a server still runs there: never two on one folder.
 */
export async function clearLeftovers(folder: string): Promise<void> {
  const pid = Number((await lockLines(folder))?.[0]);
  const deadline = Date.now() + LEFTOVERS_PATIENCE_MS;
  let workers = await processesIn(folder);
  while (workers.length > 0) {
    if (workers.includes(pid) || Date.now() > deadline) {
      throw new StartError(
        `Another PostgreSQL (process ${workers.join(', ')}) runs on ${folder}. End it, or set EMPORIUM_DATA_DIR to another folder.`,
      );
    }
    await delay(100);
    workers = await processesIn(folder);
  }
  const isStrange = pid > 1 && process.platform === 'linux' && identityOf(pid) !== undefined;
  if (isStrange) await rm(join(folder, 'postmaster.pid'), { force: true });
}

/** A server and its backends work in their data folder. Only Linux can be asked; elsewhere PostgreSQL's own lock has to do. */
async function processesIn(folder: string): Promise<number[]> {
  if (process.platform !== 'linux') return [];
  const target = await realpath(folder);
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const matches = await Promise.all(pids.map(async (pid) => (await workingFolder(pid)) === target));
  return pids.filter((_, index) => matches[index]).map(Number);
}

async function workingFolder(pid: string): Promise<string | undefined> {
  try {
    return await readlink(`/proc/${pid}/cwd`);
  } catch {
    return undefined; // gone meanwhile, a zombie, or another user's: none of them is our server
  }
}

async function lockLines(folder: string): Promise<string[] | undefined> {
  try {
    return (await readFile(join(folder, 'postmaster.pid'), 'utf8')).split('\n');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
