import { globSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../../..');
export const terraformFolder = join(root, 'deploy/terraform');
export const schemaFile = join(root, 'tools/terraform/data/aws-schema.ndjson');

/** All files of ours with this ending, relative to `deploy/terraform`. */
export function filesWith(ending: string): string[] {
  return globSync(`**/*${ending}`, { cwd: terraformFolder, exclude: ['**/.terraform/**'] }).sort();
}

/** Every folder that can be validated: modules, environments and bootstrap. */
export function configurations(): string[] {
  return [...new Set(filesWith('.tf').map((file) => dirname(file)))].filter((folder) => !folder.startsWith('policy')).sort();
}

/** What the configurations use of the provider. */
export function usedTypes(): { kind: 'resources' | 'data'; type: string }[] {
  const found = new Set<string>();
  for (const file of filesWith('.tf')) {
    for (const [, word, type] of readFileSync(join(terraformFolder, file), 'utf8').matchAll(/^(resource|data) "(aws_\w+)"/gm)) {
      found.add(`${word === 'data' ? 'data' : 'resources'} ${type}`);
    }
  }
  return [...found].sort().map((entry) => {
    const [kind, type] = entry.split(' ') as ['resources' | 'data', string];
    return { kind, type };
  });
}
