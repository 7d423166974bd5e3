import { currentContext } from '@emporium/telemetry';

/** The moment at which a call must have ended: its own limit, the end of the request it serves, or of its patience, whichever is first. */
export class Deadline {
  private readonly endsAt: number;

  constructor(timeoutMs: number) {
    const { deadline = Number.POSITIVE_INFINITY, callsEndAt = Number.POSITIVE_INFINITY } = currentContext() ?? {};
    this.endsAt = Math.min(Date.now() + timeoutMs, deadline, callsEndAt);
  }

  /** Whole milliseconds left, at least 0. */
  remainingMs(): number {
    return Math.max(0, Math.floor(this.endsAt - Date.now()));
  }
}
