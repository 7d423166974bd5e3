import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

// The three scripts run before anything is built, so they are tried as programs, in a clone that holds nothing else.
let clone: string;
beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'scripts-'));
  for (const script of ['install', 'start', 'test', 'project-node', 'run-built']) {
    cpSync(join(import.meta.dirname, `../${script}.mjs`), join(clone, `tools/local/${script}.mjs`));
  }
  write('package-lock.json', '{}');
});
afterEach(() => rmSync(clone, { recursive: true }));

function write(file: string, text: string): string {
  const path = join(clone, file);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
  chmodSync(path, 0o755);
  return path;
}

function launch(script: string, env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [join(clone, `tools/local/${script}.mjs`)], {
    cwd: '/',
    env: { PATH: process.env.PATH, ...env },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number, output }));
  return { child, ended, output: () => output };
}

const callsOf = (file: string) =>
  existsSync(join(clone, file)) ? readFileSync(join(clone, file), 'utf8').trim().split('\n') : [];

describe('install', () => {
  const npm = (end = '') =>
    write(
      'npm-cli.js',
      `const { mkdirSync, writeFileSync, appendFileSync } = require('node:fs');
       appendFileSync(${JSON.stringify(join(clone, 'calls'))}, process.cwd() + ' ' + process.argv.slice(2).join(' ') + '\\n');
       ${end}
       mkdirSync('node_modules', { recursive: true });
       writeFileSync('node_modules/.package-lock.json', '{}');`,
    );
  const install = () => launch('install', { npm_execpath: join(clone, 'npm-cli.js') }).ended;

  it('runs npm ci in a fresh clone, with what is needed to build, and says so', async () => {
    npm();

    const { code, output } = await install();

    expect(code).toBe(0);
    expect(callsOf('calls')).toEqual([`${clone} ci --include=dev --no-audit --no-fund --loglevel=error`]);
    expect(output).toMatch(/^… dependencies: npm ci \(there is no node_modules\)\n✓ dependencies \([\d.]+ s\)\n$/);
  });

  it('does nothing the second time, and works again when the lock file changed', async () => {
    npm();
    await install();

    expect(await install()).toEqual({ code: 0, output: '' });
    write('package-lock.json', '{"changed":true}');
    utimesSync(join(clone, 'package-lock.json'), new Date(), new Date(Date.now() + 5_000));
    await install();

    expect(callsOf('calls')).toHaveLength(2);
  });

  it('does nothing when only the time of the lock file changed', async () => {
    npm();
    await install();
    utimesSync(join(clone, 'package-lock.json'), new Date(), new Date(Date.now() + 60_000));

    await install();

    expect(callsOf('calls')).toHaveLength(1);
  });

  it('fails with one message when npm fails', async () => {
    npm('process.exit(1)');

    const { code, output } = await install();

    expect(code).toBe(1);
    expect(output).toContain('✗ dependencies: npm ci failed');
  });

  it('without npm above it takes the npm on the path', async () => {
    write('bin/npm', `#!/bin/sh\necho "$*" >> ${join(clone, 'calls')}\nmkdir node_modules\n`);

    const { code } = await launch('install', { PATH: `${join(clone, 'bin')}:${process.env.PATH}` }).ended;

    expect(code).toBe(0);
    expect(callsOf('calls')).toEqual(['ci --include=dev --no-audit --no-fund --loglevel=error']);
  });
});

describe('start', () => {
  const built = (run: string) => write('tools/local/dist/index.js', `export async function run() { ${run} }`);

  it('builds, then runs what was built, and ends with its exit code', async () => {
    write(
      'node_modules/.bin/nx',
      "require('node:fs').writeFileSync('built', process.argv.slice(2).join(' ') + process.env.NX_DAEMON)",
    );
    built("console.log('running'); return 7");

    const { code, output } = await launch('start').ended;

    expect(code).toBe(7);
    expect(output).toMatch(/^✓ build \([\d.]+ s\)\nrunning\n$/);
    expect(callsOf('built')).toEqual(['run-many -t build --output-style=staticfalse']);
  });

  it('shows why a build failed, and runs nothing', async () => {
    write('node_modules/.bin/nx', "console.log('syntax error in order.ts'); process.exit(1)");
    built("console.log('running')");

    const { code, output } = await launch('start').ended;

    expect(code).toBe(1);
    expect(output).toBe('syntax error in order.ts\n\n✗ build\n');
  });

  it('stops when the npm that started it is killed', async () => {
    write('node_modules/.bin/nx', '');
    built(
      "console.log('running'); setInterval(() => {}, 1000); await new Promise((resolve) => process.once('SIGTERM', resolve)); console.log('stopped'); return 0",
    );
    const script = `"${process.execPath}" "${join(clone, 'tools/local/start.mjs')}"; exit 0`;
    const npm = spawn('/bin/sh', ['-c', script], { env: { PATH: process.env.PATH, npm_lifecycle_event: 'start' } });
    let output = '';
    npm.stdout.on('data', (chunk) => (output += chunk));
    await expect.poll(() => output, { timeout: 5_000 }).toContain('running');

    npm.kill('SIGKILL');

    await expect.poll(() => output, { timeout: 5_000 }).toContain('stopped');
  });

  it('ends well when it is stopped during the build', async () => {
    write('node_modules/.bin/nx', "require('node:fs').writeFileSync('built', ''); setInterval(() => {}, 1000)");
    built("console.log('running')");
    const { child, ended, output } = launch('start');
    await expect.poll(() => existsSync(join(clone, 'built'))).toBe(true);

    child.kill('SIGTERM');

    expect((await ended).code).toBe(0);
    expect(output()).not.toContain('running');
  });
});

describe('test', () => {
  const tool = (name: string, script = '') =>
    write(
      `node_modules/.bin/${name}`,
      `require('node:fs').appendFileSync(${JSON.stringify(join(clone, 'calls'))}, '${name} ' + process.argv.slice(2).join(' ') + '\\n');
       const report = process.argv.find((arg) => arg.startsWith('--outputFile.json='))?.slice(18);
       const counts = (numPassedTests, numFailedTests) => require('node:fs').writeFileSync(report, JSON.stringify({ numPassedTests, numFailedTests }));
       ${script}`,
    );
  const tools = (scripts: Record<string, string> = {}) => {
    for (const name of ['biome', 'tsc', 'depcruise', 'nx']) tool(name, scripts[name]);
    tool('vitest', scripts.vitest ?? "counts(report.includes('e2e') ? 5 : 100, 0)");
    chaos(2, 0);
  };
  const chaos = (held: number, broken: number) => {
    const experiments = [...Array(held).fill({ held: true }), ...Array(broken).fill({ held: false })];
    const script = `import { writeFileSync } from 'node:fs'; writeFileSync(process.argv.at(-1), '${JSON.stringify({ experiments })}');`;
    write('tools/chaos/run.mjs', `${script} process.exit(${broken === 0 ? 0 : 1});`);
  };

  it('runs every step in order and ends with the sum, alone on its line', async () => {
    tools();

    const { code, output } = await launch('test').ended;

    expect(code).toBe(0);
    expect(callsOf('calls').map((call) => call.split(' ')[0])).toEqual(['biome', 'tsc', 'depcruise', 'nx', 'vitest', 'vitest']);
    expect(callsOf('calls')[4]).toContain('--project unit --project int --coverage');
    expect(output.trimEnd().split('\n').at(-1)).toBe('107 passed, 0 failed');
    expect(output).toMatch(/✓ \[1\/7\] format and lint \([\d.]+ s\)/);
  });

  it('goes on after a failure, and fails at the end', async () => {
    tools({ vitest: "if (report.includes('e2e')) counts(5, 0); else { counts(98, 2); process.exit(1) }" });

    const { code, output } = await launch('test').ended;

    expect(code).toBe(1);
    expect(output.trimEnd().split('\n').at(-1)).toBe('105 passed, 2 failed');
    expect(output).toContain('✗ [5/7] unit and integration');
  });

  it.each([
    ['a lint error', { biome: 'process.exit(1)' }, '107 passed, 1 failed'],
    ['a coverage threshold', { vitest: 'counts(100, 0); process.exit(1)' }, '202 passed, 2 failed'],
    ['a run without a test', { vitest: 'counts(0, 0)' }, '2 passed, 2 failed'],
    ['a run without a report', { vitest: 'process.exit(1)' }, '2 passed, 2 failed'],
  ])('counts %s as a failure', async (_, scripts, line) => {
    tools(scripts);

    const { code, output } = await launch('test').ended;

    expect(code).toBe(1);
    expect(output.trimEnd().split('\n').at(-1)).toBe(line);
  });

  it('counts each experiment of the fault suite as a test', async () => {
    tools();
    chaos(10, 3);

    const { code, output } = await launch('test').ended;

    expect(code).toBe(1);
    expect(output.trimEnd().split('\n').at(-1)).toBe('115 passed, 3 failed');
  });

  it('stops at once when it is told to', async () => {
    tools({ tsc: 'setInterval(() => {}, 1000)' });
    const { child, ended } = launch('test');
    await expect.poll(() => callsOf('calls').length, { timeout: 5_000 }).toBe(2);

    child.kill('SIGTERM');

    expect((await ended).code).toBe(1);
    expect(callsOf('calls')).toHaveLength(2);
  });
});
