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
 * longer than the target; otherwise it says nothing, because a broken upstream is quick too.
 */
export type Ending = 'served' | 'timed-out' | 'refused';

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
const mostCut = 0.5;
const leastCut = 0.9;

/**
 * A bound of works at a time that finds itself: additive increase, multiplicative decrease (Chiu and Jain, 1989), by windows of at least 100 ms.
 *
 * - more than a tenth of a window's works late: `limit × clamp(target / mean time of the late ones, 1/2, 9/10)`
 * - none too many late, and at least half of the limit was in use: `limit + 1`
 * - below its start, not used up, and nothing late: `limit + 1`, also without any work, so that a quiet shop is open again for a crowd
 *
 * The decrease in proportion to the delay, bounded by one half, is that of the gradient limit, the use of half the limit as a condition
 * of growth that of the AIMD limit of Netflix's concurrency-limits. A decrease is judged by the works let in after it, as TCP decreases
 * once a round trip: the ones before it were late under the limit that has been corrected already.
 */
export class AdaptiveLimit {
  private exact: number;
  private busy = 0;
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
    return { since };
  }

  /** Without an ending the work says nothing about the limit. */
  leave({ since }: Admission, ending?: Ending): void {
    const now = this.now();
    const tookMs = now - since;
    this.busy -= 1;
    const isLate = ending === 'timed-out' || tookMs > this.settings().targetMs;
    const tells = ending === 'served' || (ending !== undefined && isLate);
    if (tells && since >= this.cutAt) count(this.window, isLate, tookMs);
    this.decide(now);
  }

  private decide(now: number): void {
    const { window } = this;
    const lastedMs = now - window.beganAt;
    if (lastedMs < windowMs) return;
    if (lastedMs < longestWindowMs && window.onTime + window.late < enoughWorks) return;
    this.window = windowFrom(now, this.busy);
    const settings = this.settings();
    const limit = within(settings, this.exact);
    const next = within(settings, nextAfter(limit, window, Math.floor(lastedMs / windowMs), settings));
    if (next < limit) this.cutAt = now;
    this.exact = next;
    this.tell(Math.floor(next));
  }

  private tell(limit: number): void {
    if (limit === this.told) return;
    this.told = limit;
    this.changed(limit);
  }
}

function nextAfter(limit: number, window: Window, windows: number, { start, targetMs }: AdaptiveLimitSettings): number {
  const { onTime, late, lateMs, peak } = window;
  if (late > (onTime + late) * toleratedShare) {
    return limit * Math.min(leastCut, Math.max(mostCut, (targetMs * late) / lateMs));
  }
  if (onTime > 0 && peak * 2 >= limit) return limit + 1;
  if (peak < Math.floor(limit) && limit < start) return Math.min(start, limit + windows);
  return limit;
}

const within = ({ min, max }: AdaptiveLimitSettings, limit: number): number => Math.min(max, Math.max(min, limit));

interface Window {
  readonly beganAt: number;
  onTime: number;
  late: number;
  /** Time of the late ones together. */
  lateMs: number;
  /** Most works at a time. */
  peak: number;
}

const windowFrom = (beganAt: number, peak: number): Window => ({ beganAt, onTime: 0, late: 0, lateMs: 0, peak });

function count(window: Window, isLate: boolean, tookMs: number): void {
  if (!isLate) {
    window.onTime += 1;
    return;
  }
  window.late += 1;
  window.lateMs += tookMs;
}
