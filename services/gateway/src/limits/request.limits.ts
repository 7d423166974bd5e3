import { RateLimiter } from '@emporium/redis';
import { counter } from '@emporium/telemetry';
import { Inject, Injectable } from '@nestjs/common';
import type { LimitClass } from '../routing/routes.ts';
import { tooManyRequests } from '../routing/routing.errors.ts';
import type { Limits } from './limits.ts';

/** Injection token of `Limits`. */
export const LIMITS = Symbol('limits');

const refused = counter('emporium_gateway_rate_limited_total', 'Requests refused by a limit.', ['limit', 'by']);

@Injectable()
export class RequestLimits {
  constructor(
    private readonly limiter: RateLimiter,
    @Inject(LIMITS) private readonly limits: Limits,
  ) {}

  checkAddress(limit: LimitClass, address: string): Promise<void> {
    return this.check(limit, 'address', address);
  }

  checkUser(limit: LimitClass, userId: string): Promise<void> {
    return this.check(limit, 'user', userId);
  }

  private async check(limit: LimitClass, by: 'address' | 'user', who: string): Promise<void> {
    const { perMinute, burst } = this.limits[limit];
    const taken = await this.limiter.take(`${limit}:${by}:${who}`, { capacity: burst, refillPerSecond: perMinute / 60 });
    if (taken.allowed) return;
    refused.inc({ limit, by });
    throw tooManyRequests(Math.max(1, Math.ceil(taken.retryAfterSeconds)));
  }
}
