import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Platform } from '@emporium/local';
import { exclusively } from '@emporium/postgres';
import { type DatabaseName, fillDatabases } from './dataset.ts';
import { planTable, type ReportedPlan } from './plan-table.ts';
import { lastMoment, scaled } from './size.ts';
import { withStores } from './stores.ts';

const usage = `npm run explain [-- options]
  --scale N    the data set, as in npm run dataset; 10
  --data DIR   one that npm run dataset filled, or where it is to be filled; .data/explain-N
  --json FILE  statements and plans for programs`;

const DATABASES: readonly DatabaseName[] = ['user', 'product', 'order', 'payment'];
const ROOT = resolve(import.meta.dirname, '../../..');

/** `npm run explain`: the specifications of statements on a large data set instead of their small ones. Returns the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const text = { type: 'string' } as const;
  let wanted: { scale?: string; data?: string; json?: string };
  try {
    wanted = parseArgs({ args: [...argv], options: { scale: text, data: text, json: text } }).values;
    if (!/^[1-9]\d{0,3}$/.test(wanted.scale ?? '10'))
      throw new Error(`--scale takes a whole number from 1 to 9999, not ${wanted.scale}.`);
  } catch (error) {
    console.error(`✗ ${error instanceof Error ? error.message : error}\n\n${usage}`);
    return 1;
  }
  const scale = Number(wanted.scale ?? 10);
  const ending = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => ending.abort());
  let code = 1;
  try {
    await withStores(resolve(wanted.data ?? `.data/explain-${scale}`), ending.signal, async (platform) => {
      if (!(await isFilled(platform))) {
        const size = { ...scaled(scale), seed: 1, until: lastMoment(new Date()) };
        await fillDatabases(platform.databaseUrl, size, process.stdout);
      }
      code = await explainOn(platform, wanted.json, ending.signal);
    });
  } catch (error) {
    console.error(`✗ ${ending.signal.aborted ? 'stopped' : error instanceof Error ? error.message : error}`);
    return 1;
  }
  return code;
}

const isFilled = (platform: Platform): Promise<boolean> =>
  exclusively(platform.databaseUrl('order'), async (client) => (await client.query('select from orders limit 1')).rowCount === 1);

async function explainOn(platform: Platform, json: string | undefined, signal: AbortSignal): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'explain-'));
  const report = join(folder, 'plans.jsonl');
  writeFileSync(report, '');
  try {
    const code = await runSpecs(
      {
        ...process.env,
        TEST_DATABASE_URL: platform.urls.postgres,
        TEST_REDIS_URL: platform.urls.redis,
        EXPLAIN_DATASETS: JSON.stringify(Object.fromEntries(DATABASES.map((name) => [name, `${name}_db`]))),
        EXPLAIN_REPORT: report,
      },
      signal,
    );
    const plans = readFileSync(report, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as ReportedPlan);
    console.log(planTable(plans));
    console.log(
      `\n${plans.length} plans; ${code === 0 ? 'none reads a whole table that is not said to' : 'see above for what failed'}.`,
    );
    if (json !== undefined) writeFileSync(json, `${JSON.stringify(plans, null, 2)}\n`);
    return plans.length === 0 ? 1 : code;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One file at a time: each works on a copy of its database. */
function runSpecs(env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<number> {
  const files = ['statements.int.spec.ts', 'listing.plans.int.spec.ts'];
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--project', 'int', '--no-file-parallelism', '--reporter=dot', ...files];
  const child = spawn(process.execPath, args, { cwd: ROOT, env, stdio: 'inherit', signal });
  return new Promise((done) => {
    child.once('error', () => done(1));
    child.once('close', (code) => done(code ?? 1));
  });
}
