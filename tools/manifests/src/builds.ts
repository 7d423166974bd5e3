import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { COMBINATIONS, componentsOf } from './combinations.ts';
import type { Finding } from './finding.ts';
import { ROOT } from './repository.ts';
import { isOnPath, run } from './tools.ts';

/** What an overlay or a combination comes to. */
export interface Build {
  readonly name: string;
  readonly file: string;
  readonly text: string;
}

export interface Built {
  readonly builds: readonly Build[];
  readonly findings: readonly Finding[];
}

/** Builds every overlay and combination in a copy, so that nothing is left in the repository; `only` names some of them. */
export function buildAll(folder: string, only: readonly string[]): Built {
  const copy = join(folder, 'kubernetes');
  const secretsOf = join('overlays', 'local', 'secrets');
  cpSync(join(ROOT, 'deploy/kubernetes'), copy, { recursive: true, filter: (source) => !source.endsWith(secretsOf) });
  const overlays = readdirSync(join(copy, 'overlays'));
  makeSecrets(join(copy, 'overlays/local/make-secrets.mjs'));
  for (const combination of COMBINATIONS) combine(copy, combination);

  const names = [...overlays, ...COMBINATIONS.map(({ name }) => name)];
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new Error(`There is no overlay or combination ${unknown.join(', ')}. There are ${names.join(', ')}.`);
  mkdirSync(join(folder, 'builds'));
  const builds: Build[] = [];
  const findings: Finding[] = [];
  for (const name of only.length > 0 ? only : names) {
    const { code, output, errors } = kustomize(join(copy, 'overlays', name));
    const file = join(folder, 'builds', `${name}.yaml`);
    writeFileSync(file, output);
    if (code === 0) builds.push({ name, file, text: output });
    else findings.push({ step: 'kustomize', build: name, check: '', object: '', text: errors.trim() });
  }
  return { builds, findings };
}

const kustomize = (overlay: string) =>
  isOnPath('kubectl') ? run('kubectl', ['kustomize', overlay]) : run('kustomize', ['build', overlay]);

function makeSecrets(script: string): void {
  const { status, stderr } = spawnSync(process.execPath, [script], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`The local overlay's secrets cannot be made: ${stderr}`);
}

function combine(copy: string, combination: (typeof COMBINATIONS)[number]): void {
  const folder = join(copy, 'overlays', combination.name);
  cpSync(join(copy, 'overlays', combination.overlay), folder, { recursive: true });
  const file = join(folder, 'kustomization.yaml');
  const kustomization = parse(readFileSync(file, 'utf8'));
  writeFileSync(file, stringify({ ...kustomization, components: componentsOf(combination, kustomization.components) }));
}
