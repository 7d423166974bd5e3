import type { Evidence, Rule } from './evidence.ts';

/** Something that must be true whatever was done to the platform. */
export interface Invariant {
  readonly rule: Rule;
  /** What must hold, in words for the report. */
  readonly says: string;
  /** Where it does not hold; empty when it does. Pure. */
  check(evidence: Evidence): string[];
}
