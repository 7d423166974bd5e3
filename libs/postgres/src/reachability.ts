import type { Logger } from '@emporium/telemetry';
import { reportReachable } from './pool-metrics.ts';

/** A pool that is merely full still answers somebody within this time. */
const ANSWERS_WITHIN_MS = 1_000;
const PAUSE_MS = 250;

/**
 * Keeps callers from waiting, each for the whole connect time-out, for a database that cannot be reached: after a failure to get a connection
 * they are refused at once, and a probe in the background finds out when it is over. A connection that is lost proves nothing, and
 * neither does a full pool whose statements are answered.
 */
export class Reachability {
  private lastAnswerAt = Number.NEGATIVE_INFINITY;
  private failure: unknown;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly name: string,
    /** One statement; rejects when there is no answer. */
    private readonly probe: () => Promise<void>,
    private readonly logger: Logger | undefined,
  ) {}

  /** Why nobody should try now; undefined while the database is thought to be there. */
  get refusal(): unknown {
    return this.failure;
  }

  answered(): void {
    this.lastAnswerAt = performance.now();
    if (this.failure === undefined) return;
    this.stop();
    this.logger?.info('database is back', { pool: this.name });
    reportReachable(this.name, true);
  }

  /** Nobody got a connection in time. */
  failed(error: unknown): void {
    if (this.failure !== undefined || performance.now() - this.lastAnswerAt < ANSWERS_WITHIN_MS) return;
    this.failure = error;
    this.logger?.warn('database out of reach; callers are refused at once until it is back', { pool: this.name, error });
    reportReachable(this.name, false);
    this.probeSoon();
  }

  stop(): void {
    this.failure = undefined;
    clearTimeout(this.timer);
  }

  private probeSoon(): void {
    this.timer = setTimeout(() => {
      this.probe().then(
        () => this.answered(),
        (error: unknown) => {
          if (this.failure === undefined) return;
          this.failure = error;
          this.probeSoon();
        },
      );
    }, PAUSE_MS).unref();
  }
}
