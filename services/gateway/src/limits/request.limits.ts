import { AppError } from '@emporium/errors';
import { counter } from '@emporium/telemetry';
import type { Handfuls } from './handfuls.ts';
import { limitKeyOf } from './limit-key.ts';
import type { LimitClass, Limits } from './limits.ts';

const refused = counter('emporium_gateway_rate_limited_total', 'Requests refused by a limit.', ['limit', 'by']);

const tooManyRequests = (retryAfterSeconds: number) =>
  new AppError('too-many-requests', 'rate-limited', 'Too many requests. Slow down and try again.', { retryAfterSeconds });

/** How much one address, and one signed-in user, may ask. Undefined is a yes at once; both throw or reject with AppError 429. */
export class RequestLimits {
  constructor(
    private readonly handfuls: Pick<Handfuls, 'take'> & Partial<Pick<Handfuls, 'takeFromHand'>>,
    /** Asked for at every call: limits may change. */
    private readonly limits: () => Limits,
  ) {}

  checkAddress(limit: LimitClass, address: string): Promise<void> | undefined {
    return this.check(limit, 'address', limitKeyOf(address));
  }

  checkUser(limit: LimitClass, userId: string): Promise<void> | undefined {
    return this.check(limit, 'user', userId);
  }

  /** Counts a request if that can be done at once. False: it is not counted yet, and nobody knows whether it may go on. */
  passAtOnce(limit: LimitClass, address: string): boolean {
    return this.handfuls.takeFromHand?.(keyOf(limit, 'address', limitKeyOf(address)), this.limits()[limit]) ?? false;
  }

  private check(limit: LimitClass, by: 'address' | 'user', who: string): Promise<void> | undefined {
    const waitSeconds = this.handfuls.take(keyOf(limit, by, who), this.limits()[limit]);
    if (waitSeconds === 0) return undefined;
    if (typeof waitSeconds === 'number') return refuse(limit, by, waitSeconds);
    return waitSeconds.then((seconds) => (seconds === 0 ? undefined : refuse(limit, by, seconds)));
  }
}

const keyOf = (limit: LimitClass, by: 'address' | 'user', who: string): string => `${limit}:${by}:${who}`;

function refuse(limit: LimitClass, by: 'address' | 'user', waitSeconds: number): never {
  refused.inc({ limit, by });
  throw tooManyRequests(waitSeconds);
}
