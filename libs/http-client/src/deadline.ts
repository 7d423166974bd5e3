import { currentContext } from '@emporium/telemetry';

/** The moment at which a call must have ended: its own limit, or the end of the request it serves, whichever is first. */
export class Deadline {
  private readonly endsAt: number;

  constructor(timeoutMs: number) {
    const now = Date.now();
    this.endsAt = Math.min(now + timeoutMs, currentContext()?.deadline ?? Number.POSITIVE_INFINITY);
  }

  /** Whole milliseconds left, at least 0. */
  remainingMs(): number {
    return Math.max(0, Math.floor(this.endsAt - Date.now()));
  }
}
