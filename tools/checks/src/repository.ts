import { globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');

/** Files of the repository that match, with forward slashes, in order; never built or installed ones. */
export function filesOf(patterns: readonly string[], root = ROOT): string[] {
  const exclude = ['**/node_modules/**', '**/dist/**', '**/coverage/**'];
  return globSync([...patterns], { cwd: root, exclude }).toSorted();
}

export function textOf(file: string, root = ROOT): string {
  return readFileSync(join(root, file), 'utf8');
}
