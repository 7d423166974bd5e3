import type { Kubectl } from './kubectl.ts';

/** Where the experiments are made. */
export interface Cluster {
  readonly name: string;
  readonly kubectl: Kubectl;
  /** Puts before a command what makes it run where the addresses of Services answer. */
  inside(command: readonly string[]): readonly [string, ...string[]];
  /** Where the gateway answers from there. */
  gateway(): Promise<string>;
  /** Makes the nodes have these images; undefined where they have to have them already. */
  readonly load: ((images: readonly string[]) => Promise<string>) | undefined;
  /** Nodes that may be taken away: not the one of the API server. */
  workers(): Promise<string[]>;
  /** Power off and on; undefined where nobody here can. */
  readonly power: { off(node: string): Promise<void>; on(node: string): Promise<void> } | undefined;
  /** Prometheus and the adapter that makes its rates metrics of pods; undefined where they are there or not. */
  readonly addCustomMetrics: ((rules: string) => Promise<void>) | undefined;
  close(): Promise<void>;
}

/** What has to be there is not: said in the table, and no pass. */
export class NotRun extends Error {}
