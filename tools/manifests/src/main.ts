import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Arguments, readArguments, usage } from './arguments.ts';
import { buildAll } from './builds.ts';
import { Exceptions, readExceptions } from './exceptions.ts';
import { type Finding, lineOf } from './finding.ts';
import { textOf } from './repository.ts';
import { checkov } from './steps/checkov.ts';
import { conftest } from './steps/conftest.ts';
import { kubeScore } from './steps/kube-score.ts';
import { kubeconform } from './steps/kubeconform.ts';
import { promtool } from './steps/promtool.ts';
import { server } from './steps/server.ts';
import type { Step, World } from './steps/step.ts';
import { Missing } from './tools.ts';
import { unsetIn } from './unset.ts';

const STEPS: readonly Step[] = [kubeconform, conftest, promtool, kubeScore, checkov, server];

/** `npm run check:manifests`. Returns the exit code: 0 only if every step could be carried out and found nothing. */
export function main(argv: readonly string[]): number {
  const wanted = readArguments(argv);
  if (wanted.help) {
    console.log(usage);
    return 0;
  }
  const folder = mkdtempSync(join(tmpdir(), 'manifests-'));
  try {
    return check(wanted, folder);
  } catch (error) {
    console.error(`✗ ${error instanceof Error ? error.message : error}`);
    return 1;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function check(wanted: Arguments, folder: string): number {
  const { builds, findings } = buildAll(folder, wanted.builds);
  const exceptions = new Exceptions(readExceptions(textOf('deploy/policies/exceptions.yaml')));
  const placeholders = builds.flatMap(({ name, text }) => unsetIn(name, text));
  const isSet = wanted.unsetAllowed || report('placeholders', `${builds.length} builds`, placeholders);
  let isGood = report('kustomize', `${builds.length} builds`, findings) && isSet;
  if (wanted.unsetAllowed && placeholders.length > 0) {
    console.log(`  ${new Set(placeholders.map(({ build }) => build)).size} of them have placeholders, which --release refuses`);
  }

  const done: string[] = [];
  for (const step of stepsOf(wanted)) {
    const isClean = carryOut(step, { builds, folder }, exceptions);
    if (isClean !== undefined) done.push(step.name);
    isGood = isClean === true && isGood;
  }
  const unused = wanted.builds.length === 0 ? exceptions.unused(done) : [];
  for (const name of unused) console.log(`✗ exceptions: nothing needs ${name} any more`);
  return isGood && unused.length === 0 ? 0 : 1;
}

function stepsOf({ only, server: isServerWanted }: Arguments): readonly Step[] {
  const unknown = only.filter((name) => !STEPS.some((step) => step.name === name));
  if (unknown.length > 0) throw new Error(`There is no step ${unknown.join(', ')}.\n${usage}`);
  if (only.length > 0) return STEPS.filter(({ name }) => only.includes(name));
  return STEPS.filter(({ onlyOnDemand }) => onlyOnDemand !== true || isServerWanted);
}

/** Whether it found nothing; undefined when it could not be carried out. */
function carryOut(step: Step, world: World, exceptions: Exceptions): boolean | undefined {
  try {
    const { looked, findings } = step.run(world);
    const left = exceptions.unexcused(findings);
    const excused = findings.length - left.length;
    return report(
      step.name,
      excused > 0 ? `${looked}, ${excused} findings excused in deploy/policies/exceptions.yaml` : looked,
      left,
    );
  } catch (error) {
    if (!(error instanceof Missing)) throw error;
    console.log(`✗ ${step.name}: not carried out: ${error.message}`);
    return undefined;
  }
}

function report(name: string, looked: string, findings: readonly Finding[]): boolean {
  // One rule may be broken alike in many builds: told once, with the builds.
  const told = new Map<string, { finding: Finding; builds: string[] }>();
  for (const finding of findings) {
    const key = `${finding.check} ${finding.object} ${finding.text}`;
    const entry = told.get(key) ?? { finding, builds: [] };
    entry.builds.push(finding.build);
    told.set(key, entry);
  }
  console.log(`${findings.length === 0 ? '✓' : '✗'} ${name}: ${looked}${findings.length === 0 ? '' : `, ${told.size} findings`}`);
  for (const { finding, builds } of told.values()) console.log(`    ${lineOf({ ...finding, build: builds.join(' ') })}`);
  return findings.length === 0;
}
