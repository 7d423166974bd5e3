import type { Group } from '../experiment.ts';
import type { Figure } from '../figures.ts';
import type { Violation } from '../invariants/index.ts';
import type { Counts } from '../shop/recorder.ts';

/** What came of one experiment. */
export interface ExperimentResult {
  readonly id: string;
  readonly title: string;
  readonly group: Group;
  readonly trials: number;
  readonly requests: Counts;
  /** Orders that were placed meanwhile. */
  readonly orders: number;
  readonly figures: readonly Figure[];
  readonly violations: readonly Violation[];
  readonly held: boolean;
  readonly tookMs: number;
}

export interface SuiteResult {
  readonly seed: number;
  readonly startedAt: string;
  readonly tookMs: number;
  readonly experiments: readonly ExperimentResult[];
  readonly held: boolean;
  /** Runs the same schedule again. */
  readonly replay: string;
}
