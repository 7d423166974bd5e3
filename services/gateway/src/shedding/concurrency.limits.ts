import { AdaptiveLimit, type Admission, type Ending } from '@emporium/admission';
import { AppError } from '@emporium/errors';
import { problemCodeOf, type RawResponse } from '@emporium/http-client';
import { overloaded } from '@emporium/service-defaults';
import { gauge } from '@emporium/telemetry';
import type { LimitClass } from '../limits/limits.ts';
import type { Route } from '../routing/routes.ts';
import type { Concurrency } from './concurrency.ts';

const limits = gauge('emporium_gateway_concurrency_limit', 'Calls that may be under way, by class and service.', [
  'limit',
  'upstream',
]);

/** One limit for each class of calls to each service: what is slow takes nothing from the rest. */
export class ConcurrencyLimits {
  private readonly known = new Map<string, ConcurrencyLimit>();

  constructor(private readonly concurrency: () => Concurrency) {}

  of({ limit, upstream }: Pick<Route, 'limit' | 'upstream'>): ConcurrencyLimit {
    const key = `${limit} ${upstream}`;
    const known = this.known.get(key) ?? this.make(limit, upstream);
    this.known.set(key, known);
    return known;
  }

  private make(limit: LimitClass, upstream: string): ConcurrencyLimit {
    const level = limits.labels({ limit, upstream });
    return new ConcurrencyLimit(
      new AdaptiveLimit(
        () => this.concurrency()[limit],
        undefined,
        (value) => level.set(value),
      ),
    );
  }
}

/** The calls of one class to one service. */
export class ConcurrencyLimit {
  constructor(private readonly limit: Pick<AdaptiveLimit, 'full' | 'enter' | 'leave'>) {}

  /** Whether one more would be refused. */
  get full(): boolean {
    return this.limit.full;
  }

  /** Work before the call takes a place, too, or a crowd of strangers' tokens would all be checked at once. It tells nothing of the service. */
  async before(work: () => Promise<void>): Promise<void> {
    const admission = this.enter();
    try {
      await work();
    } finally {
      this.limit.leave(admission);
    }
  }

  /** Raises AppError 503 `overloaded` when there is no room, and what the call raises. How the call ends decides how many may follow. */
  async call(call: () => Promise<RawResponse>): Promise<RawResponse> {
    const admission = this.enter();
    let ending: Ending | undefined;
    try {
      const answer = await call();
      ending = endingOf(answer);
      return answer;
    } catch (error) {
      if (error instanceof AppError) ending = error.kind === 'timeout' ? 'timed-out' : 'refused';
      throw error;
    } finally {
      this.limit.leave(admission, ending);
    }
  }

  private enter(): Admission {
    const admission = this.limit.enter();
    if (admission === undefined) throw overloaded();
    return admission;
  }
}

/** Said by a service that is well and asked too much. */
const busyCodes: ReadonlySet<unknown> = new Set([overloaded().code, 'checkout-busy', 'sign-in-busy']);

function endingOf(answer: RawResponse): Ending {
  const { status } = answer;
  if (status === 504) return 'timed-out';
  if (status !== 503) return 'served';
  return busyCodes.has(problemCodeOf(answer)) ? 'busy' : 'refused';
}
