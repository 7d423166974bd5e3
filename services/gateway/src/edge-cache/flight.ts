import { AppError } from '@emporium/errors';
import type { RawResponse } from '@emporium/http-client';

/** One question on its way to a service, and everybody who waits for its answer. */
export class Flight {
  readonly answer: Promise<RawResponse>;
  private readonly beganAt = performance.now();

  constructor(
    /** How many writes there had been when it began. */
    readonly era: number,
    ask: (askedAt: number) => Promise<RawResponse>,
  ) {
    this.answer = ask(this.beganAt);
    // Those who gave up waiting have been answered otherwise.
    this.answer.catch(() => undefined);
  }

  /** The answer, if it comes within so long of the beginning and is none that an older one may stand in for. Raises any other failure. */
  within(ms: number): Promise<RawResponse | 'late' | 'failed'> {
    const leftMs = this.beganAt + ms - performance.now();
    return new Promise((resolve, reject) => {
      const timer = setTimeout(resolve, Math.max(0, leftMs), 'late');
      this.answer.then(
        (answer) => {
          clearTimeout(timer);
          resolve(answer.status >= 500 ? 'failed' : answer);
        },
        (error: unknown) => {
          clearTimeout(timer);
          if (isOutage(error)) resolve('failed');
          else reject(error);
        },
      );
    });
  }
}

const isOutage = (error: unknown): boolean =>
  error instanceof AppError && (error.kind === 'unavailable' || error.kind === 'timeout');
