import type { Cluster } from './cluster/cluster.ts';
import type { Kubectl } from './cluster/kubectl.ts';
import type { Platform } from './platform.ts';
import type { Shop } from './shop/shop.ts';

/** One claim about the platform on a cluster, and how it is tried. One file, listed in `experiments/index.ts`. */
export interface Experiment {
  /** Kebab-case; what `--only` takes. */
  readonly id: string;
  readonly title: string;
  /** Leaves everything as it found it. What it throws is a broken claim, and `NotRun` is none. */
  run(lab: Lab): Promise<void>;
}

export interface Lab {
  readonly cluster: Cluster;
  readonly kubectl: Kubectl;
  readonly platform: Platform;
  readonly shop: Shop;
  readonly rounds: number;
  readonly rate: number;
  say(line: string): void;
  /** A figure for the table. */
  measure(text: string): void;
  /** What must not be. */
  wrong(text: string): void;
}
