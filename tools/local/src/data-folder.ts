import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, StartError } from './errors.ts';

export interface DataFolder {
  readonly path: string;
  readonly lock: string;
  readonly keys: string;
  readonly postgres: string;
  /** For a PostgreSQL whose user cannot enter `path`. */
  readonly postgresFallback: string;
}

/** Makes the folder if it is missing, tries that it can be written to, and says what lies where in it. */
export function openDataFolder(wanted: string): DataFolder {
  try {
    mkdirSync(wanted, { recursive: true });
    const path = realpathSync(wanted);
    const trial = join(path, `.trial-${process.pid}`);
    writeFileSync(trial, '');
    rmSync(trial);
    return {
      path,
      lock: join(path, 'runner.lock'),
      keys: join(path, 'keys.json'),
      postgres: join(path, 'postgres'),
      postgresFallback: `/var/tmp/emporium-${createHash('sha256').update(path).digest('hex').slice(0, 12)}`,
    };
  } catch (error) {
    throw new StartError(
      `The data folder ${wanted} cannot be used: ${messageOf(error)}. Put it right, or set EMPORIUM_DATA_DIR to another.`,
    );
  }
}
