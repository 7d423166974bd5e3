import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Finding } from '../finding.ts';
import { LOCATION, writeSchemas } from '../schemas.ts';
import { Missing, need, run } from '../tools.ts';
import type { Step } from './step.ts';

const report = z.object({
  resources: z.array(z.object({ kind: z.string(), name: z.string(), status: z.string(), msg: z.string() })),
  summary: z.object({ valid: z.number(), skipped: z.number() }),
});

/** Every document against the schema of its kind: Kubernetes' own, and those of the operators. A kind without a schema is a finding. */
export const kubeconform: Step = {
  name: 'kubeconform',
  run({ builds, folder }) {
    need('kubeconform');
    const own = variable('KUBERNETES_SCHEMAS', 'a folder of JSON schemas of Kubernetes as kubeconform names them, strict ones');
    const definitions = variable('CRD_DIR', "a folder of the operators' CustomResourceDefinitions");
    const schemas = join(folder, 'schemas');
    const count = writeSchemas(definitions, schemas);
    const locations = [join(own, '{{.ResourceKind}}{{.KindSuffix}}.json'), join(schemas, LOCATION)];
    const findings: Finding[] = [];
    let valid = 0;
    for (const build of builds) {
      const args = [
        '-strict',
        '-output',
        'json',
        '-summary',
        '-verbose',
        ...locations.flatMap((location) => ['-schema-location', location]),
      ];
      const { output, errors } = run('kubeconform', [...args, build.file]);
      if (output === '') throw new Error(`kubeconform: ${errors}`);
      const { resources, summary } = report.parse(JSON.parse(output));
      valid += summary.valid;
      for (const { kind, name, status, msg } of resources) {
        if (status === 'statusValid') continue;
        findings.push({
          step: 'kubeconform',
          build: build.name,
          check: '',
          object: `${kind}/${name}`,
          text: `${status}: ${msg}`,
        });
      }
    }
    return { looked: `${valid} documents valid, by Kubernetes' schemas and ${count} of operators`, findings };
  },
};

function variable(name: string, what: string): string {
  const value = process.env[name];
  if (value === undefined || !existsSync(value))
    throw new Missing(`${name} names no folder: ${what} (tools/manifests/README.md)`);
  return value;
}
