import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { schemaFile, usedTypes } from '../terraform.files.ts';
import { readBinding } from './bindings.ts';
import { completedByHand, providerConfig } from './by-hand.ts';
import { writeSchema } from './schema.file.ts';
import type { ProviderSchema } from './schema.ts';

const SOURCE = '@cdktn/provider-aws';

/** Where the bindings keep a type: `aws_eks_cluster` in `eks-cluster`; some carry the word aws twice. */
function bindingOf(folder: string, kind: 'resources' | 'data', type: string): string {
  const name = type.replace(/^aws_/, '').replaceAll('_', '-');
  const path = join(folder, 'lib', kind === 'data' ? `data-aws-${name}` : name, 'index.js');
  if (!existsSync(path)) throw new Error(`the bindings have no ${type} (${path})`);
  return path;
}

function extract(folder: string): ProviderSchema {
  const { version: bindings } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string };
  const schema: ProviderSchema = {
    provider: { name: 'hashicorp/aws', version: '', source: `${SOURCE}@${bindings}` },
    config: providerConfig,
    resources: {},
    data: {},
  };
  for (const { kind, type } of usedTypes()) {
    const found = readBinding(readFileSync(bindingOf(folder, kind, type), 'utf8'));
    schema.provider.version = found.version;
    schema[kind][type] = completedByHand(type, found.block);
  }
  return schema;
}

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error(`Usage: node tools/terraform/src/schema/extract.main.ts FOLDER, the unpacked npm package ${SOURCE}`);
  process.exit(2);
}
const schema = extract(folder);
writeSchema(schemaFile, schema);
console.log(
  `${Object.keys(schema.resources).length} resources and ${Object.keys(schema.data).length} data sources of ${schema.provider.name} ${schema.provider.version}`,
);
