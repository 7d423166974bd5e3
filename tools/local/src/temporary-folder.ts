import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { endLeftovers } from './journal.ts';
import { identityOf } from './process-identity.ts';

const PREFIX = 'emporium-';

/**
 * A folder for one run of tests, named after this process. Folders of earlier runs that were killed are cleared first, together with
 * the servers they left running.
 */
export async function temporaryFolder(purpose: string): Promise<{ path: string; remove: () => Promise<void> }> {
  await clearAbandoned();
  const path = await mkdtemp(join(tmpdir(), `${PREFIX}${purpose}-${process.pid}-`));
  await chmod(path, 0o755); // the server's user has to pass
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

async function clearAbandoned(): Promise<void> {
  for (const name of await readdir(tmpdir())) {
    const pid = new RegExp(`^${PREFIX}.+-(\\d+)-\\w{6}$`).exec(name)?.[1];
    if (pid === undefined || identityOf(Number(pid)) !== undefined) continue;
    const folder = join(tmpdir(), name);
    await endLeftovers(join(folder, 'processes.json'));
    await rm(folder, { recursive: true, force: true });
  }
}
