import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesWith } from '../terraform.files.ts';
import type { Workbench } from '../workbench.ts';
import type { Step } from './step.ts';

interface Message {
  type: string;
  '@testrun'?: string;
  '@message': string;
  test_state?: unknown;
  test_run?: { run: string; status?: string };
  test_summary?: { passed: number; failed: number; errored: number };
  diagnostic?: { severity: string; summary: string; detail: string; range?: { filename: string; start: { line: number } } };
}

/** Environments, whose states the policies look at, and modules with tests of their own. */
export function foldersWithTests(): string[] {
  return [...new Set(filesWith('.tftest.hcl').map((file) => file.replace(/\/tests\/[^/]+$/, '')))].sort();
}

function lineOf({ diagnostic }: Message): string {
  const at = diagnostic?.range ? ` (${diagnostic.range.filename}:${diagnostic.range.start.line})` : '';
  return `${diagnostic?.summary}: ${diagnostic?.detail.trim()}${at}`;
}

/** Runs the tests of one folder with mocked providers, and keeps what an environment would have made as `state-….json`. */
export async function runMockedTests(bench: Workbench, folder: string): Promise<{ passed: number; findings: string[] }> {
  const isEnvironment = folder.startsWith('environments/');
  const { code, out, said } = await bench.terraform(folder, ['test', '-json', ...(isEnvironment ? ['-verbose'] : [])]);
  const messages = out
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Message);
  for (const message of messages) {
    if (message.type !== 'test_state') continue;
    const name = `state-${folder.replaceAll('/', '-')}-${message['@testrun']}.json`;
    writeFileSync(join(bench.scratch, name), JSON.stringify(message.test_state));
  }
  const passed = messages.find((message) => message.type === 'test_summary')?.test_summary?.passed ?? 0;
  const errors = messages
    .filter((message) => message.type === 'diagnostic' && message.diagnostic?.severity === 'error')
    .map(lineOf);
  if (code === 0 && passed > 0) return { passed, findings: [] };
  return {
    passed,
    findings: (errors.length > 0 ? errors : [said.trim() || 'no test ran']).map((error) => `${folder}: ${error}`),
  };
}

export const mockedTestsStep: Step = {
  name: 'tests',
  needs: ['terraform'],
  async run(bench) {
    const folders = foldersWithTests();
    let passed = 0;
    const findings: string[] = [];
    for (const folder of folders) {
      const result = await runMockedTests(bench, folder);
      passed += result.passed;
      findings.push(...result.findings);
    }
    return { summary: `${passed} runs of terraform test in ${folders.length} folders, providers mocked`, findings };
  },
};
