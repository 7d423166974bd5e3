import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { codeOf, messageOf, StartError } from './errors.ts';
import { HOST } from './ports.ts';
import { type PostgresBinaries, postgresBinaries } from './postgres-binaries.ts';
import { clearLeftovers, isServing } from './postgres-lock.ts';
import type { ProcessSpec } from './process-spec.ts';
import { canEnter, type RunAs, unprivilegedUser } from './system-user.ts';

const run = promisify(execFile);

export interface EmbeddedPostgresOptions {
  /** Where the data should lie. */
  readonly folder: string;
  /** Where it lies instead when the server's user cannot enter `folder`. */
  readonly fallbackFolder: string;
  readonly port: number;
  /** False gives up safety against a power cut for speed: for tests only. */
  readonly durable: boolean;
}

export interface EmbeddedPostgres {
  readonly spec: ProcessSpec;
  /** Superuser, database `postgres`. */
  readonly url: string;
  readonly folder: string;
  /** True when the data folder was made just now. */
  readonly created: boolean;
}

/** Makes the data folder if there is none and says how to start the server on it; starts nothing. */
export async function embeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const runAs = unprivilegedUser();
  const root = await chooseRoot(options, runAs);
  const binaries = await postgresBinaries(runAs, root);
  const folder = join(root, 'data');
  const created = await initialise(folder, binaries, runAs, options.durable);
  const password = await passwordOf(folder);
  return {
    created,
    folder,
    url: `postgresql://postgres:${password}@${HOST}:${options.port}/postgres`,
    spec: {
      name: 'postgres',
      command: binaries.postgres,
      args: serverArguments(folder, options),
      cwd: folder,
      env: serverEnvironment(),
      runAs,
      stopSignal: 'SIGINT',
      beforeStart: () => clearLeftovers(folder),
      isReady: (pid) => isServing(folder, pid),
    },
  };
}

async function chooseRoot({ folder, fallbackFolder }: EmbeddedPostgresOptions, runAs: RunAs | undefined): Promise<string> {
  await mkdir(folder, { recursive: true });
  if (runAs === undefined) return folder;
  await chmod(folder, 0o755);
  if (await canEnter(runAs, folder)) return folder;
  await mkdir(fallbackFolder, { recursive: true, mode: 0o755 });
  // The fallback lies where everyone may write: a folder somebody else put there first is not ours to trust.
  const { uid } = await lstat(fallbackFolder);
  if (uid !== 0) throw new StartError(`${fallbackFolder} belongs to another user. Remove it, or set EMPORIUM_DATA_DIR.`);
  return fallbackFolder;
}

/** initdb works beside the data folder and the result is moved there, so an interrupted one leaves nothing half made. */
async function initialise(
  folder: string,
  binaries: PostgresBinaries,
  runAs: RunAs | undefined,
  durable: boolean,
): Promise<boolean> {
  const version = await versionOf(folder);
  if (version === binaries.major) return false;
  if (version !== undefined) {
    throw new StartError(
      `The data folder ${folder} was made by PostgreSQL ${version}, and this is PostgreSQL ${binaries.major}. ${beginAnew(folder)}`,
    );
  }
  const unfinished = `${folder}.unfinished`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  const passwordFile = passwordFileOf(folder);
  await writeFile(passwordFile, randomBytes(24).toString('base64url'), { mode: 0o600 });
  if (runAs) for (const path of [unfinished, passwordFile]) await chown(path, runAs.uid, runAs.gid);
  try {
    await run(binaries.initdb, initArguments(unfinished, passwordFile, durable), {
      ...runAs,
      cwd: '/',
      env: serverEnvironment(),
    });
  } catch (error) {
    throw new StartError(`PostgreSQL could not make its data folder ${folder}: ${messageOf(error)}`);
  }
  await rename(unfinished, folder);
  return true;
}

async function versionOf(folder: string): Promise<string | undefined> {
  try {
    return (await readFile(join(folder, 'PG_VERSION'), 'utf8')).trim();
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw new StartError(`The data folder ${folder} cannot be read: ${messageOf(error)}`);
  }
  const found = await readdir(folder).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  });
  if (found.length > 0) {
    throw new StartError(`The data folder ${folder} is broken: it has no PG_VERSION. ${beginAnew(folder)}`);
  }
  return undefined;
}

/** Kept beside the data it opens, so that the two cannot be lost apart. */
const passwordFileOf = (folder: string) => `${folder}.password`;

async function passwordOf(folder: string): Promise<string> {
  try {
    return (await readFile(passwordFileOf(folder), 'utf8')).trim();
  } catch (error) {
    throw new StartError(`The password of the data folder ${folder} cannot be read (${messageOf(error)}). ${beginAnew(folder)}`);
  }
}

const beginAnew = (folder: string) => `Move ${dirname(folder)} away to begin anew, or restore it.`;

/** The locale provider is PostgreSQL's own, so that sorting and lower() are the same on every machine. */
function initArguments(folder: string, passwordFile: string, durable: boolean): string[] {
  return [
    `--pgdata=${folder}`,
    '--username=postgres',
    `--pwfile=${passwordFile}`,
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    '--no-locale',
    '--locale-provider=builtin',
    '--builtin-locale=C.UTF-8',
    ...(durable ? [] : ['--no-sync']),
  ];
}

function serverArguments(folder: string, { port, durable }: EmbeddedPostgresOptions): string[] {
  const settings: Record<string, string> = {
    listen_addresses: HOST,
    port: String(port),
    unix_socket_directories: '',
    max_connections: '300',
    shared_buffers: '128MB',
    // What is asked for is in memory or on flash, as everywhere by now: 4, the default, makes the planner read whole small tables.
    random_page_cost: '1.1',
    // Below the services' lock time-out of 500 ms: a deadlock is then told apart from a busy row, and run again.
    deadlock_timeout: '200ms',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', full_page_writes: 'off' }),
  };
  return ['-D', folder, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
}
