import { writeFileSync } from 'node:fs';
import { type Arguments, readArguments, usage } from './arguments.ts';
import { type Cluster, NotRun } from './cluster/cluster.ts';
import { currentContext } from './cluster/current-context.ts';
import { testCluster } from './cluster/test-cluster.ts';
import type { Experiment, Lab } from './experiment.ts';
import { experiments } from './experiments/index.ts';
import { Platform } from './platform.ts';
import { type Result, tableOf } from './report/table.ts';
import { Shop } from './shop/shop.ts';

/** Neither a pass nor a failure: there was nothing to try it on. */
const NOTHING_WAS_RUN = 3;

const began = performance.now();
const say = (line: string) => console.log(`[${((performance.now() - began) / 1_000).toFixed(0).padStart(5)} s] ${line}`);

/** `npm run test:cluster`. Returns the exit code: 0 only if nothing was broken and something was run. */
export async function main(argv: readonly string[]): Promise<number> {
  let wanted: Arguments;
  try {
    wanted = readArguments(
      argv,
      experiments.map(({ id }) => id),
    );
  } catch (error) {
    console.error(`✗ ${messageOf(error)}\n\n${usage}`);
    return 1;
  }
  if (wanted.list) {
    for (const { id, title } of experiments) console.log(`${id.padEnd(22)} ${title}`);
    return 0;
  }
  let cluster: Cluster;
  try {
    cluster = await open(wanted);
  } catch (error) {
    if (!(error instanceof NotRun)) throw error;
    console.error(`NOT RUN: ${error.message}`);
    return NOTHING_WAS_RUN;
  }
  try {
    const results = await conduct(cluster, wanted);
    if (wanted.json !== undefined) writeFileSync(wanted.json, `${JSON.stringify(results, null, 2)}\n`);
    console.log(tableOf(results));
    if (results.every(({ verdict }) => verdict === 'not run')) return NOTHING_WAS_RUN;
    return results.some(({ verdict }) => verdict === 'BROKEN') ? 1 : 0;
  } finally {
    await cluster.close();
  }
}

async function open({ currentContext: isCurrent, address, keep }: Arguments): Promise<Cluster> {
  if (isCurrent && address !== undefined) return currentContext(address);
  const folder = process.env.EMPORIUM_TESTKUBE;
  if (folder === undefined || folder === '') {
    throw new NotRun(
      'there is no cluster. EMPORIUM_TESTKUBE names a folder whose up.sh brings up a test cluster; --current-context uses one that is there.',
    );
  }
  return testCluster({ folder, keep, say });
}

async function conduct(cluster: Cluster, { only, rounds, rate }: Arguments): Promise<Result[]> {
  say(cluster.name);
  const platform = new Platform(cluster, say);
  await platform.bringUp();
  await platform.holdAutoscalers();
  await platform.twoOfEach();
  const shop = new Shop(cluster, await cluster.gateway());
  const results: Result[] = [];
  for (const experiment of experiments.filter(({ id }) => only?.includes(id) ?? true)) {
    results.push(await one(experiment, { cluster, kubectl: cluster.kubectl, platform, shop, rounds, rate }));
  }
  await platform.freeAutoscalers();
  return results;
}

async function one({ id, title, run }: Experiment, lab: Omit<Lab, 'say' | 'measure' | 'wrong'>): Promise<Result> {
  const start = performance.now();
  const measured: string[] = [];
  const wrong: string[] = [];
  const tell = (line: string) => say(`${id}: ${line}`);
  tell(title);
  const note = (list: string[]) => (text: string) => {
    list.push(text);
    tell(text);
  };
  let isRun = true;
  try {
    await run({ ...lab, say: tell, measure: note(measured), wrong: note(wrong) });
    // What one leaves behind must not be the next one's doing.
    await lab.platform.twoOfEach();
  } catch (error) {
    if (error instanceof NotRun) isRun = false;
    note(isRun ? wrong : measured)(messageOf(error));
  }
  const verdict = isRun ? (wrong.length === 0 ? 'held' : 'BROKEN') : 'not run';
  return { id, verdict, tookMs: performance.now() - start, measured, wrong };
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));
