import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../command.ts';
import type { Workbench } from '../workbench.ts';
import type { Step } from './step.ts';

interface Result {
  filename: string;
  successes?: number;
  failures?: { msg: string }[];
}

/** What conftest says about files, as `file: message`. */
async function conftest(bench: Workbench, policy: string, files: string[], parser?: string): Promise<string[]> {
  const args = [
    'test',
    '--output',
    'json',
    '--policy',
    join(bench.folder, 'policy', policy),
    ...(parser ? ['--parser', parser] : []),
    ...files,
  ];
  const { out, said } = await command('conftest', args, { cwd: bench.folder });
  if (!out.trimStart().startsWith('[')) return [said.trim()];
  return (JSON.parse(out) as Result[]).flatMap(({ filename, failures = [] }) =>
    failures.map(({ msg }) => `${filename.replace(`${bench.scratch}/`, '')}: ${msg}`),
  );
}

async function verify(bench: Workbench, policy: string): Promise<string[]> {
  const { code, said } = await command('conftest', ['verify', '--policy', join(bench.folder, 'policy', policy)], {
    cwd: bench.folder,
  });
  return code === 0 ? [] : [`tests of the policies in ${policy}: ${said.trim()}`];
}

const stateFiles = (bench: Workbench) => globSync('state-*.json', { cwd: bench.scratch }).sort();

/** What the policies say about the states that the mocked tests left behind. */
export async function policyFindings(bench: Workbench): Promise<string[]> {
  const states = stateFiles(bench).map((file) => join(bench.scratch, file));
  if (states.length === 0) return ['no environment left a state to look at'];
  const providers = [...globSync('environments/*/providers.tf', { cwd: bench.folder }), 'bootstrap/main.tf'];
  return [...(await conftest(bench, 'state', states)), ...(await conftest(bench, 'providers', providers, 'hcl2'))];
}

export const policiesStep: Step = {
  name: 'policies',
  needs: ['conftest'],
  async run(bench) {
    if (!existsSync(join(bench.folder, 'policy')))
      return { summary: 'no policies', findings: ['deploy/terraform/policy is gone'] };
    const findings = [...(await verify(bench, 'state')), ...(await verify(bench, 'providers')), ...(await policyFindings(bench))];
    return {
      summary: `conftest on ${stateFiles(bench).length} planned environments and on the providers, its own tests first`,
      findings,
    };
  },
};
