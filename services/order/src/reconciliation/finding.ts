import type { Part } from './run.ts';

/**
 * `waiting`: a job is at it. `repaired`: a step was repeated, and the next look says whether that helped. `open`: somebody has to look.
 * `resolved`: a later look found nothing.
 */
export type FindingState = 'waiting' | 'repaired' | 'open' | 'resolved';

export type Details = Readonly<Record<string, string | number | boolean | null>>;

/** A disagreement as one look saw it. */
export interface Seen {
  readonly part: Part;
  readonly kind: string;
  /** An order; of stock that differs a product. */
  readonly subjectId: string;
  /** Tells two of one kind and subject apart. */
  readonly reference: string;
  readonly details: Details;
}

/** A disagreement and what became of it. */
export interface Finding extends Seen {
  readonly id: string;
  readonly state: FindingState;
  readonly firstSeenAt: Date;
  readonly lastSeenAt: Date;
  readonly repairedAt: Date | null;
}

/** Longer than an order may be pending: a job that has not managed by then needs a person. */
const patienceMs = 15 * 60_000;

interface Look {
  /** The service that found it has put it right. */
  readonly repaired: boolean;
  /** A job is at it. */
  readonly busy: boolean;
  /** A job of ours could put it right. */
  readonly repairable: boolean;
}

/** What a look makes of a finding, and whether its job has to be added again: once, because a second time would not help either. */
export function judge(
  { repaired, busy, repairable }: Look,
  known: Pick<Finding, 'state' | 'firstSeenAt' | 'repairedAt'> | undefined,
  now: Date,
): { state: Exclude<FindingState, 'resolved'>; repair: boolean } {
  if (repaired) return { state: 'repaired', repair: false };
  if (busy) {
    const since = known?.repairedAt ?? known?.firstSeenAt ?? now;
    if (known?.state === 'open' || now.getTime() - since.getTime() >= patienceMs) return { state: 'open', repair: false };
    return { state: known?.state === 'repaired' ? 'repaired' : 'waiting', repair: false };
  }
  if (repairable && (known === undefined || known.repairedAt === null)) return { state: 'repaired', repair: true };
  return { state: 'open', repair: false };
}
