import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root, runChild, runUnderProjectNode } from './project-node.mjs';

await runUnderProjectNode(import.meta.url);

const reports = join(root, 'coverage/reports');
const bin = (name) => [process.execPath, join(root, 'node_modules/.bin', name)];
const vitest = (report, ...args) => ({
  report: join(reports, `${report}.json`),
  command: [
    ...bin('vitest'),
    'run',
    ...args,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${join(reports, `${report}.json`)}`,
  ],
});

const steps = [
  { name: 'format and lint', command: [...bin('biome'), 'ci', '.'] },
  { name: 'types', command: [...bin('tsc'), '-p', 'tsconfig.json'] },
  {
    name: 'boundaries',
    command: [...bin('depcruise'), '--config', '.dependency-cruiser.cjs', ...['libs', 'services', 'tools', 'e2e']],
  },
  { name: 'build', command: [...bin('nx'), 'run-many', '-t', 'build', '--output-style=static'] },
  { name: 'unit and integration', ...vitest('unit-int', '--project', 'unit', '--project', 'int', '--coverage') },
  { name: 'end to end', ...vitest('e2e', '--project', 'e2e') },
  {
    name: 'faults (four to five minutes)',
    report: join(reports, 'chaos.json'),
    command: [process.execPath, join(root, 'tools/chaos/run.mjs'), '--smoke', '--json', join(reports, 'chaos.json')],
  },
];

let isStopping = false;
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => (isStopping = true));
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });
const total = { passed: 0, failed: 0 };
const summary = [];
const failures = [];
for (const [index, step] of steps.entries()) {
  if (isStopping) break;
  await runStep(step, `[${index + 1}/${steps.length}] ${step.name}`);
}
if (failures.length > 0) console.log(`\n${failures.join('\n')}`);
console.log(`\n${summary.join('\n')}\n`);
console.log(`${total.passed} passed, ${total.failed} failed`);
process.exit(total.failed === 0 && !isStopping ? 0 : 1);

async function runStep({ command: [file, ...args], report }, title) {
  console.log(`\n${title} …`);
  const began = performance.now();
  const env = {
    ...process.env,
    PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
    NX_DAEMON: 'false',
    NX_TUI: 'false',
  };
  const code = await runChild(file, args, { stdio: 'inherit', env }).ended;
  const counts = countsOf(report);
  failures.push(...failuresIn(report));
  // A step may fail without a failed test: a lint error, a file that does not load, a coverage threshold.
  if (code !== 0 && counts.failed === 0) counts.failed = 1;
  if (report !== undefined && code === 0 && counts.passed === 0) counts.failed = 1;
  total.passed += counts.passed;
  total.failed += counts.failed;
  const line = `${counts.failed === 0 ? '✓' : '✗'} ${title} (${((performance.now() - began) / 1000).toFixed(1)} s)`;
  summary.push(line);
  console.log(line);
}

function countsOf(report) {
  if (report === undefined || !existsSync(report)) return { passed: 0, failed: 0 };
  const { numPassedTests, numFailedTests, experiments } = JSON.parse(readFileSync(report, 'utf8'));
  // The fault suite: each of its experiments counts as one test.
  if (experiments !== undefined) {
    const failed = experiments.filter(({ held }) => !held).length;
    return { passed: experiments.length - failed, failed };
  }
  return { passed: numPassedTests, failed: numFailedTests };
}

/** What failed and why, in a line each: the output above it is long. */
function failuresIn(report) {
  if (report === undefined || !existsSync(report)) return [];
  const { testResults = [] } = JSON.parse(readFileSync(report, 'utf8'));
  return testResults
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, message, assertionResults }) => {
      const failed = assertionResults.filter(({ status }) => status === 'failed');
      const whole = { fullName: 'the file', failureMessages: [message] };
      return (failed.length > 0 ? failed : [whole]).map(
        ({ fullName, failureMessages }) => `✗ ${relative(root, name)}: ${fullName}: ${(failureMessages[0] ?? '').split('\n')[0]}`,
      );
    });
}
