import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, release, totalmem, type } from 'node:os';

/** Where and with what a run was made: a figure without it says nothing. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  readonly k6: string;
  readonly commit: string;
  /** Whether there were changes beyond the commit. */
  readonly changed: boolean;
}

export function machineWith(k6: string, root: string): Machine {
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    system: `${type()} ${release()}`,
    node: process.version,
    k6,
    commit: git(root, 'rev-parse', 'HEAD') || 'unknown',
    changed: git(root, 'status', '--porcelain', '--untracked-files=no') !== '',
  };
}

function git(root: string, ...args: string[]): string {
  try {
    return execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return ''; // no git, or no repository: an archive of the sources
  }
}
