import type { Drive } from '../load/drive.ts';
import type { BenchPlatform } from '../platform/bench-platform.ts';

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** Whose processor time it costs. */
  readonly processes: readonly string[];
  readonly open: (bench: BenchPlatform) => Drive | Promise<Drive>;
  /** The scenario whose cost is divided by this one's. */
  readonly yardstick?: string;
  /** So often at least it is asked before it is measured. Default 3,000. */
  readonly warmUpRequests?: number;
  /** How long work goes on after the last answer. */
  readonly settleMs?: number;
  /** Whether that gateway's own cache is to answer; looked up in its metrics. */
  readonly edge?: { readonly gateway: string; readonly answers: boolean };
  /** Its SQL statements are counted too. */
  readonly countStatements?: boolean;
}

/** A scenario on a platform that runs. */
export interface OpenScenario extends Scenario {
  readonly drive: Drive;
}
