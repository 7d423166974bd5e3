export type Part = 'provider' | 'orders' | 'stock';

export interface PartResult {
  readonly part: Part;
  readonly status: 'succeeded' | 'failed';
  readonly compared: number;
  readonly problem: string | null;
}

/** A comparison of everything that changed from `since` to before `until`. */
export interface Run {
  readonly id: string;
  readonly trigger: 'schedule' | 'request';
  readonly askedBy: string | null;
  readonly since: Date;
  readonly until: Date;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
  readonly succeeded: boolean | null;
  readonly parts: readonly PartResult[];
}

export interface Window {
  readonly since: Date;
  /** Exclusive. */
  readonly until: Date;
}

/** How far back the first run of a shop looks. */
const firstWindowMs = 24 * 60 * 60 * 1_000;

/** From where the last run left off to a moment ago: what changes right now is compared by the next run. */
export function nextWindow(coveredUntil: Date | undefined, now: Date, graceMs: number): Window {
  const until = new Date(now.getTime() - graceMs);
  const since = coveredUntil ?? new Date(until.getTime() - firstWindowMs);
  return since > until ? { since: until, until } : { since, until };
}

/** What is covered after a run that succeeded: a window that begins later leaves a gap, and moves nothing. */
export function coverage(coveredUntil: Date | undefined, { since, until }: Window): Date {
  if (coveredUntil === undefined) return until;
  return since <= coveredUntil && until > coveredUntil ? until : coveredUntil;
}
