import { isOnPath } from './command.ts';
import { runPlanted } from './planted/planted.ts';
import { checkovStep } from './steps/checkov.step.ts';
import { formatStep, validateStep } from './steps/language.steps.ts';
import { mockedTestsStep } from './steps/mocked-tests.step.ts';
import { policiesStep } from './steps/policies.step.ts';
import { sizesStep } from './steps/sizes.step.ts';
import type { Step } from './steps/step.ts';
import { terraformFolder } from './terraform.files.ts';
import { Workbench } from './workbench.ts';

const steps: Step[] = [formatStep, validateStep, mockedTestsStep, policiesStep, sizesStep, checkovStep];
const howToGet: Record<string, string> = {
  terraform: 'https://developer.hashicorp.com/terraform/install, 1.11 or newer',
  conftest: 'https://www.conftest.dev/install',
  checkov: 'pip install checkov',
};

type Verdict = 'passed' | 'failed' | 'not run';

async function runStep(step: Step, bench: Workbench): Promise<Verdict> {
  const missing = step.needs.filter((program) => !isOnPath(program));
  if (missing.length > 0) {
    console.log(
      `– ${step.name}: not run, ${missing.map((program) => `${program} is not on the PATH (${howToGet[program]})`).join(', ')}`,
    );
    return 'not run';
  }
  const started = performance.now();
  const { summary, findings } = await step.run(bench);
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  console.log(`${findings.length === 0 ? '✓' : '✗'} ${step.name}: ${summary} (${seconds} s)`);
  for (const finding of findings) console.log(`    ${finding.replaceAll('\n', '\n    ')}`);
  return findings.length === 0 ? 'passed' : 'failed';
}

async function checkEverything(): Promise<number> {
  const bench = await Workbench.open(terraformFolder);
  try {
    const verdicts: Verdict[] = [];
    for (const step of steps) verdicts.push(await runStep(step, bench));
    const count = (verdict: Verdict) => verdicts.filter((each) => each === verdict).length;
    console.log(`${count('passed')} passed, ${count('failed')} failed, ${count('not run')} not run`);
    return verdicts.every((verdict) => verdict === 'passed') ? 0 : 1;
  } finally {
    await bench.close();
  }
}

/** `npm run check:terraform`, and with `--planted` whether it finds mistakes planted on purpose. */
export async function main(args: string[]): Promise<number> {
  const unknown = args.filter((arg) => arg !== '--planted');
  if (unknown.length > 0) {
    console.error(`✗ ${unknown.join(' ')} is not known. Usage: npm run check:terraform [-- --planted]`);
    return 2;
  }
  return args.includes('--planted') ? runPlanted() : checkEverything();
}
