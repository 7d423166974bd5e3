/** How an `AdaptiveLimit` behaves. Asked for at every decision, so that it may change while the process runs. */
export interface AdaptiveLimitSettings {
  /** So many works at a time are let in however late they are. */
  readonly min: number;
  /** Where the limit begins, and where it comes back to by itself when nothing is late. */
  readonly start: number;
  readonly max: number;
  /** Milliseconds after which a work is late. */
  readonly targetMs: number;
}

/**
 * How a work ended. `served`: judged by its time. `timed-out`: late, whatever its time. `refused`: late if it had to wait for its refusal
 * longer than the target; otherwise it says nothing, because a broken upstream is quick too. `busy`: the upstream said that it is asked too
 * much, so the limit is too high however quickly it said so.
 */
export type Ending = 'served' | 'timed-out' | 'refused' | 'busy';

/** A work that was let in. Give it back with `leave`, once. */
export interface Admission {
  readonly since: number;
}

/** Decisions are made this often at most: after ten works, or after a second whatever has come to an end. */
const windowMs = 100;
const enoughWorks = 10;
const longestWindowMs = 1_000;
/** More than this share of a window's works late, and the limit is too high: the target holds for nine works of ten. */
const toleratedShare = 0.1;
const mostCut = 1 / 4;
const leastCut = 9 / 10;

/**
 * A bound of works at a time that finds itself: additive increase, multiplicative decrease (Chiu and Jain, 1989), by windows of at least
 * 100 ms. Only a limit of which half was in use is judged: works that are late in a small crowd are not late because of the crowd. An
 * upstream that says it is busy is believed in any crowd.
 *
 * - more than a tenth late, also of those under way, or told busy: down to what could have been done in time, `ended per ms × target`
 *   (Little's law), but to a quarter at most and to nine tenths at least
 * - else, and some on time: up by a quarter of the limit per target time, by one at least
 * - below its start and not used up: up as well, also without any work, so that a quiet shop is open again for a crowd
 *
 * A decrease is judged by the works let in after it, as TCP decreases once a round trip: the ones before it were late under the limit that
 * has been corrected already. That a limit follows latency, and grows only while half of it is used, is from Netflix's concurrency-limits.
 * It cannot tell an upstream that is slow by itself from one that is asked too much: `min` is what such an upstream still gets.
 */
export class AdaptiveLimit {
  private exact: number;
  private busy = 0;
  /** Works under way that nothing is known of yet, the longest first. */
  private readonly open = new Set<Admission>();
  private cutAt = Number.NEGATIVE_INFINITY;
  private window: Window;
  private told: number | undefined;

  constructor(
    private readonly settings: () => AdaptiveLimitSettings,
    /** Milliseconds that only grow. */
    private readonly now: () => number = () => performance.now(),
    private readonly changed: (limit: number) => void = () => undefined,
  ) {
    this.exact = settings().start;
    this.window = windowFrom(now(), 0);
    this.tell(this.limit);
  }

  /** Works at a time that are let in now. */
  get limit(): number {
    return Math.floor(within(this.settings(), this.exact));
  }

  get inFlight(): number {
    return this.busy;
  }

  /** Whether `enter` would refuse now. */
  get full(): boolean {
    this.decide(this.now());
    return this.busy >= this.limit;
  }

  /** Undefined when there is no room. */
  enter(): Admission | undefined {
    const since = this.now();
    this.decide(since);
    if (this.busy >= this.limit) return undefined;
    this.busy += 1;
    this.window.peak = Math.max(this.window.peak, this.busy);
    const admission = { since };
    this.open.add(admission);
    return admission;
  }

  /** Without an ending the work says nothing about the limit. */
  leave(admission: Admission, ending?: Ending): void {
    const { since } = admission;
    this.busy -= 1;
    if (!this.open.delete(admission) || since < this.cutAt) return;
    if (ending === 'busy') {
      this.window.busy += 1;
      return;
    }
    const isLate = ending === 'timed-out' || this.now() - since > this.settings().targetMs;
    const tells = ending === 'served' || (ending !== undefined && isLate);
    if (tells) this.window[isLate ? 'late' : 'onTime'] += 1;
  }

  /** When somebody comes, not when works end: those that end together are judged together. */
  private decide(now: number): void {
    const { window } = this;
    const lastedMs = now - window.beganAt;
    if (lastedMs < windowMs) return;
    window.overdue += this.takeOverdue(now);
    if (lastedMs < longestWindowMs && window.onTime + window.late + window.overdue + window.busy < enoughWorks) return;
    this.window = windowFrom(now, this.busy);
    const settings = this.settings();
    const limit = within(settings, this.exact);
    const next = within(settings, nextAfter(limit, window, lastedMs, settings));
    if (next < limit) this.cutAt = now;
    this.exact = next;
    this.tell(Math.floor(next));
  }

  /** Works are late as soon as their time is over, not when they end: by then a crowd has let in another one. */
  private takeOverdue(now: number): number {
    let overdue = 0;
    const { targetMs } = this.settings();
    for (const admission of this.open) {
      if (now - admission.since <= targetMs) break;
      this.open.delete(admission);
      if (admission.since >= this.cutAt) overdue += 1;
    }
    return overdue;
  }

  private tell(limit: number): void {
    if (limit === this.told) return;
    this.told = limit;
    this.changed(limit);
  }
}

function nextAfter(limit: number, window: Window, lastedMs: number, { start, targetMs }: AdaptiveLimitSettings): number {
  const { onTime, late, overdue, busy, peak } = window;
  const ended = onTime + late;
  const isTooHigh = late + overdue + busy > (ended + overdue + busy) * toleratedShare;
  const isUsed = peak * 2 >= Math.floor(limit);
  const grown = (ms: number) => limit + Math.max(1, (limit * windowMs) / (4 * targetMs)) * Math.floor(ms / windowMs);
  if (isTooHigh) {
    return isUsed || busy > 0 ? Math.min(limit * leastCut, Math.max(limit * mostCut, (ended / lastedMs) * targetMs)) : limit;
  }
  if (onTime > 0 && isUsed) return grown(windowMs);
  if (peak < Math.floor(limit) && limit < start) return Math.min(start, grown(lastedMs));
  return limit;
}

const within = ({ min, max }: AdaptiveLimitSettings, limit: number): number => Math.min(max, Math.max(min, limit));

interface Window {
  readonly beganAt: number;
  onTime: number;
  late: number;
  /** Late, and still under way. */
  overdue: number;
  busy: number;
  /** Most works at a time. */
  peak: number;
}

const windowFrom = (beganAt: number, peak: number): Window => ({ beganAt, onTime: 0, late: 0, overdue: 0, busy: 0, peak });
