import type { Experiment } from '../experiment.ts';
import type { Violation } from '../invariants/index.ts';
import type { ExperimentResult } from '../report/result.ts';
import { runSuite } from '../suite.ts';
import { mutatedTree } from './mutated-tree.ts';
import type { PlantedBug } from './planted-bug.ts';

/** A platform that will never come to rest is not waited for; what it left undone is no proof here. */
const REST_MS = 10_000;

export interface HuntOptions {
  readonly experiments: readonly Experiment[];
  readonly seed: number;
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  readonly keep?: boolean;
}

/** What the suite found on a platform with one mistake in it. */
export interface Catch {
  readonly bug: PlantedBug;
  /** Experiment and rule that gave the mistake away; undefined: nothing did. */
  readonly by: { readonly experiment: string; readonly violation: Violation } | undefined;
  readonly tookMs: number;
}

export interface HuntResult {
  readonly catches: readonly Catch[];
  /** Whether every one was caught. */
  readonly held: boolean;
}

/** Builds each mistake, starts a platform of it and runs the experiments that should notice, smoke-sized, until one does. */
export async function hunt(bugs: readonly PlantedBug[], options: HuntOptions): Promise<HuntResult> {
  const catches: Catch[] = [];
  for (const bug of bugs) {
    const began = performance.now();
    options.say(`planting ${bug.id}: ${bug.title}`);
    const by = await huntOne(bug, options);
    catches.push({ bug, by, tookMs: performance.now() - began });
    options.say(by === undefined ? `${bug.id} WAS NOT CAUGHT` : `${bug.id} is caught by ${by.experiment}: ${by.violation.rule}`);
  }
  return { catches, held: catches.length > 0 && catches.every(({ by }) => by !== undefined) };
}

async function huntOne(bug: PlantedBug, { experiments, ...options }: HuntOptions): Promise<Catch['by']> {
  const tree = await mutatedTree(bug);
  try {
    for (const id of bug.experiments) {
      const experiment = experiments.find((each) => each.id === id);
      if (experiment === undefined) throw new Error(`${bug.id} is to be caught by ${id}, which is no experiment.`);
      const { experiments: results } = await runSuite({
        ...options,
        experiments: [experiment],
        trials: experiment.smoke ?? 1,
        root: tree.root,
        patienceMs: REST_MS,
      });
      const violation = giveaway(bug, results);
      if (violation !== undefined) return { experiment: id, violation };
    }
    return undefined;
  } finally {
    await tree.remove();
  }
}

const giveaway = ({ rules }: PlantedBug, results: readonly ExperimentResult[]): Violation | undefined =>
  results.flatMap(({ violations }) => violations).find(({ rule }) => rules.includes(rule));
