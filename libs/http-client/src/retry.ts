import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Allows retries up to a share of all calls, so that an upstream in trouble gets at most that much more work.
 * Starts with one, so that the first failure of a quiet process is not passed on; the first calls pay for it. Holds at most ten: a quiet hour
 * does not save up for a storm.
 */
export class RetryBudget {
  private static readonly MAX_SAVED = 10;
  private saved = 1;
  private owed = 1;

  /** May change at any time. */
  constructor(public ratio: number) {}

  deposit(): void {
    const repaid = Math.min(this.owed, this.ratio);
    this.owed -= repaid;
    this.saved = Math.min(RetryBudget.MAX_SAVED, this.saved + this.ratio - repaid);
  }

  /** Takes one retry when there is one. */
  spend(): boolean {
    // Ten times 0.1 is a little less than 1.
    if (this.ratio === 0 || this.saved < 1 - 1e-9) return false;
    this.saved -= 1;
    return true;
  }
}

const FIRST_BACKOFF_MS = 50;
const LONGEST_BACKOFF_MS = 1_000;

/** Full jitter: anything from nothing to twice as much as the try before. */
export const backoffMs = (attempt: number): number =>
  Math.random() * Math.min(FIRST_BACKOFF_MS * 2 ** attempt, LONGEST_BACKOFF_MS);

export const pause = (ms: number, signal: AbortSignal | undefined): Promise<void> => sleep(ms, undefined, { signal });
