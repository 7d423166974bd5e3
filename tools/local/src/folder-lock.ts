import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { codeOf, StartError } from './errors.ts';
import { identityOf, isAlive, type ProcessIdentity } from './process-identity.ts';

/**
 * Makes this process the only runner on a data folder until `release`. A lock whose runner was killed is taken over.
 * Throws when another runner is at work there.
 */
export function lockFolder(file: string): { release: () => void } {
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, JSON.stringify(identityOf(process.pid)));
  try {
    while (!linked(mine, file)) removeIfAbandoned(file, mine);
  } finally {
    rmSync(mine, { force: true });
  }
  return { release: () => rmSync(file, { force: true }) };
}

/** A link appears with its whole content or not at all, and never replaces a file: two runners cannot both succeed. */
function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/**
 * Only whoever holds the takeover may remove a dead runner's lock, and looks at it once more before: a lock that was renamed or removed
 * by one who had looked earlier could be a new runner's, and then two would run.
 */
function removeIfAbandoned(file: string, mine: string): void {
  refuseIfAlive(file);
  const takeover = `${file}.takeover`;
  if (!linked(mine, takeover)) {
    refuseIfStuck(takeover);
    return;
  }
  try {
    refuseIfAlive(file);
    rmSync(file, { force: true });
  } finally {
    rmSync(takeover, { force: true });
  }
}

function refuseIfStuck(takeover: string): void {
  const owner = read(takeover);
  if (owner === undefined || isAlive(owner)) return;
  throw new StartError(`A start was killed while it took over from another. Remove ${takeover} and start again.`);
}

function refuseIfAlive(file: string): void {
  const owner = read(file);
  if (owner === undefined || !isAlive(owner)) return;
  throw new StartError(
    `Emporium already runs on this data folder (process ${owner.pid}). Stop it with Ctrl-C there or \`kill ${owner.pid}\`, ` +
      'or give EMPORIUM_DATA_DIR another folder.',
  );
}

function read(file: string): ProcessIdentity | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessIdentity;
  } catch (error) {
    if (codeOf(error) === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
