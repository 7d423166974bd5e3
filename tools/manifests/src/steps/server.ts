import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import type { Finding } from '../finding.ts';
import { Missing, run } from '../tools.ts';
import type { Step } from './step.ts';

const NAMESPACE = 'emporium-dry-run';

const documentSchema = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
});
type Manifest = z.output<typeof documentSchema>;

/**
 * Asks the API server of the current context whether it would take each document: defaults, CEL rules, PodSecurity's warnings, definitions of
 * operators. In a namespace of its own, which is empty and goes afterwards, so that nothing that runs is in the way or touched.
 */
export const server: Step = {
  name: 'server',
  onlyOnDemand: true,
  run({ builds }) {
    const version = run('kubectl', ['version', '--output', 'json', '--request-timeout', '5s']);
    if (version.code !== 0) throw new Missing(`no API server answers in the current context: ${version.errors.trim()}`);
    const created = run('kubectl', ['apply', '--filename', '-'], { input: JSON.stringify(namespaceOfOurs()) });
    if (created.code !== 0) throw new Error(created.errors);
    try {
      const findings: Finding[] = [];
      let accepted = 0;
      for (const build of builds) {
        // As JSON: kubectl reads YAML 1.1, where a text such as Off has to be quoted.
        const input = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: documentsOf(build.text).map(moved) });
        const { output, errors } = run('kubectl', ['apply', '--dry-run=server', '--validate=strict', '--filename', '-'], {
          input,
        });
        accepted += output.split('\n').filter((line) => line.endsWith('(server dry run)')).length;
        const complaints = errors.split('\n').filter((line) => line.trim() !== '' && !isAboutApply(line));
        findings.push(...complaints.map((text) => ({ step: 'server', build: build.name, check: '', object: '', text })));
      }
      return { looked: `${accepted} documents accepted by Kubernetes ${serverVersion(version.output)}`, findings };
    } finally {
      run('kubectl', ['delete', 'namespace', NAMESPACE, '--wait=false']);
    }
  },
};

const serverVersion = (output: string): string =>
  z.object({ serverVersion: z.object({ gitVersion: z.string() }) }).parse(JSON.parse(output)).serverVersion.gitVersion;

export const documentsOf = (text: string): Manifest[] =>
  parseAllDocuments(text)
    .map((document) => document.toJS() as unknown)
    .filter((document) => document !== null)
    .map((document) => documentSchema.parse(document));

/** The same document in the namespace of the dry run; the namespace itself is left to us, and roles go to accounts there. */
export function moved(document: Manifest): Manifest {
  const inNamespace = <Value>(value: Value): Value =>
    JSON.parse(JSON.stringify(value), (key, found) => (key === 'namespace' && found === 'emporium' ? NAMESPACE : found));
  const copy = inNamespace(document);
  if (copy.kind === 'Namespace') copy.metadata.name = NAMESPACE;
  return copy;
}

/** It says so of what `kubectl apply` did not make itself, such as the priority classes of a shop that runs in the same cluster. */
const isAboutApply = (line: string): boolean =>
  line.includes('missing the kubectl.kubernetes.io/last-applied-configuration annotation');

const namespaceOfOurs = () => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name: NAMESPACE,
    labels: { 'pod-security.kubernetes.io/warn': 'restricted', 'pod-security.kubernetes.io/enforce': 'restricted' },
  },
});
