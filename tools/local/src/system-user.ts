import { execFile, execFileSync } from 'node:child_process';
import { promisify } from 'node:util';
import { StartError } from './errors.ts';

const run = promisify(execFile);

/** Whom a server runs as. Absent: as the person who started the runner. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

/** PostgreSQL refuses to run as root, and initdb wants a user that has a name. */
export function unprivilegedUser(): RunAs | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const uid = idOf('-u', name);
    const gid = idOf('-g', name);
    if (uid !== undefined && gid !== undefined) return { uid, gid };
  }
  throw new StartError(
    'PostgreSQL cannot run as root, and there is neither a user "postgres" nor "nobody" to run it as. Start as another user.',
  );
}

/** Whether that user can reach `folder`; asked of the system itself, so that modes, ACLs and mounts all count. */
export async function canEnter(user: RunAs, folder: string): Promise<boolean> {
  return succeeds(user, 'cd "$1" && cd -P .', folder);
}

export async function canExecute(user: RunAs, file: string): Promise<boolean> {
  return succeeds(user, '[ -x "$1" ]', file);
}

async function succeeds(user: RunAs, test: string, path: string): Promise<boolean> {
  try {
    await run('/bin/sh', ['-c', test, 'sh', path], { uid: user.uid, gid: user.gid, cwd: '/' });
    return true;
  } catch {
    return false; // the shell says no by its exit code
  }
}

function idOf(flag: '-u' | '-g', name: string): number | undefined {
  try {
    return Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
  } catch {
    return undefined; // no such user
  }
}
