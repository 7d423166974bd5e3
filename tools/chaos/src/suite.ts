import { conduct } from './conduct.ts';
import type { Experiment } from './experiment.ts';
import type { ExperimentResult, SuiteResult } from './report/result.ts';
import { Random } from './schedule/random.ts';
import { openWorld } from './world/open-world.ts';
import type { WorldOptions } from './world/world-options.ts';

export interface SuiteOptions {
  readonly experiments: readonly Experiment[];
  readonly seed: number;
  readonly smoke?: boolean;
  /** Of every experiment, instead of its own number. */
  readonly trials?: number;
  /** How long everything may take to come to rest, instead of the promised minute. */
  readonly patienceMs?: number;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  /** A repository with built services, if not this one. */
  readonly root?: string;
  readonly keep?: boolean;
}

const SHARED: WorldOptions = {};

/** Runs experiments one after the other; those that want the same platform follow each other on one. Throws when it is aborted. */
export async function runSuite(options: SuiteOptions): Promise<SuiteResult> {
  const began = performance.now();
  const startedAt = new Date().toISOString();
  const results: ExperimentResult[] = [];
  for (const [platform, experiments] of byPlatform(options.experiments)) {
    results.push(...(await runOn(platform, experiments, options)));
  }
  return {
    seed: options.seed,
    startedAt,
    tookMs: performance.now() - began,
    experiments: results,
    held: results.every(({ held }) => held),
    replay: replayOf(options, results),
  };
}

function byPlatform(experiments: readonly Experiment[]): Map<WorldOptions, Experiment[]> {
  const groups = new Map<WorldOptions, Experiment[]>();
  for (const experiment of experiments) {
    const platform = experiment.platform ?? SHARED;
    groups.set(platform, [...(groups.get(platform) ?? []), experiment]);
  }
  return groups;
}

/** After an experiment that did not hold the others get a fresh platform: what it left behind is not their doing. */
async function runOn(
  platform: WorldOptions,
  experiments: readonly Experiment[],
  options: SuiteOptions,
): Promise<ExperimentResult[]> {
  const results: ExperimentResult[] = [];
  while (results.length < experiments.length) {
    options.signal.throwIfAborted();
    results.push(...(await runWhileSound(platform, experiments.slice(results.length), options)));
  }
  return results;
}

async function runWhileSound(
  platform: WorldOptions,
  experiments: readonly Experiment[],
  { seed, say, signal, root, keep, trials, smoke, patienceMs }: SuiteOptions,
): Promise<ExperimentResult[]> {
  const random = new Random(String(seed));
  say(`starting a platform for ${experiments.map(({ id }) => id).join(', ')}`);
  const world = await openWorld(platform, { say, signal, root, keep });
  const results: ExperimentResult[] = [];
  try {
    for (const experiment of experiments) {
      say(`${experiment.id}: ${experiment.title}`);
      const result = await conduct(experiment, world, {
        trials: trials ?? (smoke ? experiment.smoke : undefined) ?? experiment.trials,
        patienceMs,
        random: random.fork(experiment.id),
        signal,
        say: (line) => say(`${experiment.id} ${line}`),
      });
      say(`${experiment.id} ${result.held ? 'held' : 'DID NOT HOLD'} (${(result.tookMs / 1_000).toFixed(0)} s)`);
      results.push(result);
      if (!result.held) break;
    }
  } finally {
    await world.close();
  }
  return results;
}

/** Every experiment draws from a stream of its own, so those that failed can be run alone with the same schedule. */
function replayOf({ seed, trials, smoke }: SuiteOptions, results: readonly ExperimentResult[]): string {
  const failed = results.filter(({ held }) => !held).map(({ id }) => id);
  const parts = ['npm run chaos --', `--seed ${seed}`];
  if (smoke) parts.push('--smoke');
  if (trials !== undefined) parts.push(`--trials ${trials}`);
  if (failed.length > 0) parts.push(`--only ${failed.join(',')}`);
  return parts.join(' ');
}
