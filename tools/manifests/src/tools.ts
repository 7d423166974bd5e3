import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What is looked for on the PATH, and where one gets it. */
const SOURCES = {
  kustomize: 'kustomize, or kubectl, which has it built in: https://kubectl.docs.kubernetes.io',
  kubectl: 'https://kubernetes.io/docs/tasks/tools',
  kubeconform: 'go install github.com/yannh/kubeconform/cmd/kubeconform',
  'kube-score': 'go install github.com/zegl/kube-score/cmd/kube-score',
  checkov: 'pip install checkov',
  conftest: 'go install github.com/open-policy-agent/conftest',
  promtool: 'part of Prometheus: https://prometheus.io/download',
} as const;

export type Tool = keyof typeof SOURCES;

/** A step cannot be carried out here: said in one line, and never counted as passed. */
export class Missing extends Error {}

export const isOnPath = (tool: Tool): boolean =>
  (process.env.PATH ?? '').split(delimiter).some((folder) => folder !== '' && existsSync(join(folder, tool)));

export function need(tool: Tool): Tool {
  if (!isOnPath(tool)) throw new Missing(`${tool} is not on the PATH (${SOURCES[tool]})`);
  return tool;
}

export interface Answer {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs a tool to its end. Its exit code is the caller's to judge: most of these tell of findings by it. */
export function run(tool: Tool, args: readonly string[], options: { cwd?: string; input?: string } = {}): Answer {
  const { status, stdout, stderr, error } = spawnSync(need(tool), args, {
    ...options,
    encoding: 'utf8',
    maxBuffer: 256 * 1024 * 1024,
  });
  if (error !== undefined) throw error;
  return { code: status ?? 1, output: stdout, errors: stderr };
}
