import type { Random } from './schedule/random.ts';
import type { World } from './world/world.ts';
import type { WorldOptions } from './world/world-options.ts';

/** One kind of fault, and what the platform must still do under it. One file, listed in `experiments/index.ts`. */
export interface Experiment {
  /** Kebab-case; what `--only` takes. */
  readonly id: string;
  /** What is done, in one line. */
  readonly title: string;
  readonly group: Group;
  /** How often in a full run, and in `--smoke`; without `smoke` it is left out there. `--trials` replaces both. */
  readonly trials: number;
  readonly smoke?: number;
  /** A platform of its own, shared by the experiments that name the same object. Without it: the one all others share. */
  readonly platform?: WorldOptions;
  readonly limits?: readonly Limit[];
  /**
   * One trial. It injects, measures and returns; after the last one the runner stops the load, heals the world, waits until everything
   * is terminal and checks the invariants. An error that is thrown fails the experiment.
   */
  run(world: World, trial: Trial): Promise<void>;
}

export type Group = 'processes' | 'stores' | 'provider' | 'events' | 'load' | 'purchase' | 'random';

export type Statistic = 'p50' | 'p99' | 'max' | 'min' | 'sum' | 'last';

/** Fails the experiment when a figure is beyond it, or was never measured. */
export interface Limit {
  readonly figure: string;
  readonly statistic: Statistic;
  readonly atMost?: number;
  readonly atLeast?: number;
  /** Judged only with so many samples: of seven, the 99th percentile is the worst one. */
  readonly fromSamples?: number;
}

export type Unit = 'ms' | '%' | 'rps' | 'orders' | 'requests' | '';

/** One run of an experiment. */
export interface Trial {
  /** From 1. */
  readonly number: number;
  readonly of: number;
  /** Of this trial alone; the same for the same seed, whatever else runs. */
  readonly random: Random;
  /** Of the whole experiment, the same in each trial: for what is drawn once, such as the order of the victims. */
  readonly shared: Random;
  readonly signal: AbortSignal;
  /** One sample of a named figure. The table shows p50, p99 and max of many samples, and a single one as it is. */
  measure(figure: string, value: number, unit: Unit): void;
  /** What must not be and no invariant of the suite says. */
  breach(text: string): void;
  /** Work of this trial that the next one need not wait for; all is awaited before the invariants are checked. */
  later(work: Promise<unknown>): void;
  /** A line of progress. */
  say(text: string): void;
}
