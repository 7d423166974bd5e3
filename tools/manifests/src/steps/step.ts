import type { Build } from '../builds.ts';
import type { Finding } from '../finding.ts';

export interface World {
  readonly builds: readonly Build[];
  /** For files that a tool wants to read; gone afterwards. */
  readonly folder: string;
}

/** One look at the builds. Raises `Missing` when it cannot be carried out here. */
export interface Step {
  readonly name: string;
  /** Only when asked for by name: it needs more than tools. */
  readonly onlyOnDemand?: boolean;
  run(world: World): { readonly looked: string; readonly findings: readonly Finding[] };
}
