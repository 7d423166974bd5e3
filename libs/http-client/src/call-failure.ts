import type { RawResponse } from './options.ts';

/**
 * Why a call has no answer. `timeout`: time ran out, the upstream may still have done the work. `no-answer`: refused, reset or lost.
 * `cancelled`: the caller lost interest. `not-sent`: a header or method that cannot be sent. `too-large`: the answer was given up half-way.
 */
export type FailureReason = 'timeout' | 'no-answer' | 'cancelled' | 'not-sent' | 'too-large';

/** A call without an answer. Stays inside the library: callers get an AppError. */
export class CallFailure extends Error {
  constructor(
    readonly reason: FailureReason,
    /** Whether it says something about the upstream; a call that had no fair amount of time does not. */
    readonly blamesUpstream: boolean,
    cause?: unknown,
  ) {
    super(`call failed: ${reason}`, { cause });
  }
}

/** An answer that says the upstream is broken. Thrown inside the breaker, so that it counts, and unwrapped right outside. */
export class FailedAnswer extends Error {
  constructor(readonly response: RawResponse) {
    super(`upstream answered ${response.status}`);
  }
}

/** The breaker is open: nothing was sent. */
export class CircuitIsOpen extends Error {
  constructor(readonly retryAfterSeconds: number) {
    super('circuit is open');
  }
}

/** The bulkhead is full: nothing was sent. */
export class BulkheadIsFull extends Error {
  constructor() {
    super('bulkhead is full');
  }
}
