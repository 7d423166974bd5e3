import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';

type Schema = { [key: string]: unknown };

const definition = z.looseObject({
  kind: z.literal('CustomResourceDefinition'),
  spec: z.looseObject({
    group: z.string(),
    names: z.looseObject({ kind: z.string() }),
    versions: z.array(
      z.looseObject({ name: z.string(), schema: z.looseObject({ openAPIV3Schema: z.record(z.string(), z.unknown()) }) }),
    ),
  }),
});

/** How kubeconform finds a schema that `writeSchemas` wrote. */
export const LOCATION = '{{.Group}}/{{.ResourceKind}}_{{.ResourceAPIVersion}}.json';

/** Makes a JSON schema of each version of each definition in a folder of YAML files. Returns how many. */
export function writeSchemas(folder: string, into: string): number {
  let count = 0;
  for (const file of globSync('*.y*ml', { cwd: folder })) {
    for (const document of parseAllDocuments(readFileSync(join(folder, file), 'utf8'))) {
      const parsed = definition.safeParse(document.toJS());
      if (!parsed.success) continue;
      const { group, names, versions } = parsed.data.spec;
      mkdirSync(join(into, group), { recursive: true });
      for (const { name, schema } of versions) {
        const text = JSON.stringify(strict({ ...schema.openAPIV3Schema, ...withMetadata(schema.openAPIV3Schema) }));
        writeFileSync(join(into, group, `${names.kind.toLowerCase()}_${name}.json`), text);
        count += 1;
      }
    }
  }
  return count;
}

const withMetadata = (schema: Schema) => ({
  properties: {
    ...(schema.properties as Schema),
    apiVersion: { type: 'string' },
    kind: { type: 'string' },
    // The API server's own; a definition says nothing about it.
    metadata: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  },
});

/** As the API server reads them with strict validation: no field that is not named, and numbers or texts where it says so. */
export function strict(schema: Schema): Schema {
  const result: Schema = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'properties') result[key] = mapped(value as Schema);
    else if (key === 'items' || key === 'not' || (key === 'additionalProperties' && typeof value === 'object'))
      result[key] = strict(value as Schema);
    // What these add is about values: the fields are named above them.
    else if (key !== 'anyOf' && key !== 'oneOf' && key !== 'allOf' && key !== 'format' && key !== 'default') result[key] = value;
  }
  if (schema['x-kubernetes-int-or-string'] === true) return { ...result, type: ['integer', 'string'] };
  const isOpen = schema['x-kubernetes-preserve-unknown-fields'] === true || 'additionalProperties' in schema;
  if (schema.properties !== undefined && !isOpen) result.additionalProperties = false;
  return schema.nullable === true && typeof result.type === 'string' ? { ...result, type: [result.type, 'null'] } : result;
}

const mapped = (properties: Schema): Schema =>
  Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name, strict(schema as Schema)]));
