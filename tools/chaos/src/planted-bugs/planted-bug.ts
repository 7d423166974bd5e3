import type { Rule } from '../invariants/evidence.ts';

/** One change of a source file. The old text stands in it exactly once. */
export interface Replacement {
  /** From the root of the repository. */
  readonly file: string;
  readonly old: string;
  readonly new: string;
}

/**
 * A mistake as a developer would make it, in a copy of the sources: nothing of it is in the code, behind no switch. Where the database would
 * save the shop, the constraint is missing too, as it is in the shops the mistake is known from.
 */
export interface PlantedBug {
  readonly id: string;
  /** What is wrong, in one sentence. */
  readonly title: string;
  /** Where it has been seen. */
  readonly seenIn?: string;
  readonly replacements: readonly Replacement[];
  /** Experiments of the suite, in the order to try. */
  readonly experiments: readonly string[];
  /** One of these has to be broken by one of them: a platform that merely stumbles proves nothing. */
  readonly rules: readonly Rule[];
}
