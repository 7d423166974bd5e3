import type { RunAs } from './system-user.ts';

/** One process the supervisor keeps alive. */
export interface ProcessSpec {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env: NodeJS.ProcessEnv;
  readonly runAs?: RunAs;
  /** Default SIGTERM; PostgreSQL takes SIGINT, because SIGTERM makes it wait for its clients. */
  readonly stopSignal?: NodeJS.Signals;
  /** Runs before each start, also before a restart: clears what a killed process left behind. */
  readonly beforeStart?: () => Promise<void>;
  /** Whether it does its work by now. A rejection means "not yet". */
  readonly isReady: (pid: number) => Promise<boolean>;
  readonly readyTimeoutMs?: number;
}
