/** How often the event loop is looked at. */
const everyMs = 25;
/** Weight of one look: a delay of a second shows for about a fifth of a second, one long callback alone sheds nobody. */
const weight = 1 / 8;

/**
 * How late the event loop runs its timers: what every request waits before anybody looks at it. Smoothed, and honest in the middle of a
 * delay: a timer that is overdue counts before it has run.
 *
 * Node's own `monitorEventLoopDelay` is a histogram since its last reset, so it tells of one moment only when somebody resets it, and
 * of a delay only after its end.
 */
export class LoopDelay {
  private smoothed = 0;
  private expectedAt: number;
  private readonly timer: NodeJS.Timeout;

  constructor(private readonly now: () => number = () => performance.now()) {
    this.expectedAt = now() + everyMs;
    this.timer = setInterval(() => this.look(), everyMs);
    this.timer.unref();
  }

  /** Milliseconds. */
  get ms(): number {
    const overdueMs = this.now() - this.expectedAt;
    return overdueMs > this.smoothed ? this.smoothed + (overdueMs - this.smoothed) * weight : this.smoothed;
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const now = this.now();
    const lateMs = Math.max(0, now - this.expectedAt);
    this.smoothed += (lateMs - this.smoothed) * weight;
    this.expectedAt = now + everyMs;
  }
}
