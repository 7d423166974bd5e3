import { readFileSync, writeFileSync } from 'node:fs';
import { providerConfig } from './by-hand.ts';
import type { Block, ProviderSchema } from './schema.ts';

interface Line {
  kind: 'resources' | 'data';
  type: string;
  block: Block;
}

/** One resource in a line, so that a change of the provider is a change of the lines that changed. */
export function readSchema(path: string): ProviderSchema {
  const [first = '', ...rest] = readFileSync(path, 'utf8').trim().split('\n');
  const schema: ProviderSchema = { provider: JSON.parse(first), config: providerConfig, resources: {}, data: {} };
  for (const line of rest) {
    const { kind, type, block } = JSON.parse(line) as Line;
    schema[kind][type] = block;
  }
  return schema;
}

export function writeSchema(path: string, schema: ProviderSchema): void {
  const lines = (['resources', 'data'] as const).flatMap((kind) =>
    Object.entries(schema[kind])
      .sort(([left], [right]) => left.localeCompare(right))
      .map(([type, block]) => JSON.stringify({ kind, type, block } satisfies Line)),
  );
  writeFileSync(path, `${[JSON.stringify(schema.provider), ...lines].join('\n')}\n`);
}
