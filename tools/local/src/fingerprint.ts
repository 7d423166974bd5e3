import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** One short text for the content of all files that match: the same files give the same text wherever the clone lies. */
export function fingerprintOf(root: string, patterns: readonly string[], ...values: readonly string[]): string {
  const hash = createHash('sha256');
  const files = globSync([...patterns], { cwd: root, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  for (const file of files)
    hash
      .update(`${relative(root, file)}\0`)
      .update(readFileSync(file))
      .update('\0');
  for (const value of values) hash.update(`${value}\0`);
  return hash.digest('hex').slice(0, 32);
}
