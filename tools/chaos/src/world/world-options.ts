import type { Platform, PlatformOptions } from '@emporium/local';

/** How a platform differs from the one most experiments share. */
export interface WorldOptions {
  /** `none`: processes reach each other directly, which costs no time of the suite; then nothing can be cut. Default `all`. */
  readonly links?: 'all' | 'none';
  /** More settings of the services. */
  readonly env?: NodeJS.ProcessEnv;
  /** Changes the start of each service, after the links have. */
  readonly adjust?: PlatformOptions['adjust'];
  /** Called when the platform is up. May start more processes, and name another front door and what to close at the end. */
  readonly furnish?: (platform: Platform) => Promise<{ readonly url?: string; readonly close?: () => Promise<void> }>;
}

export interface Surroundings {
  readonly say: (line: string) => void;
  readonly signal: AbortSignal;
  /** A repository with built services, if not this one. */
  readonly root?: string;
  /** Leaves the data folder, with the logs, where it is. */
  readonly keep?: boolean;
}
