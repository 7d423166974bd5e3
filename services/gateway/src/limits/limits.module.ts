import { RateLimiter, type Redis } from '@emporium/redis';
import { LOGGER, REDIS, SETTINGS } from '@emporium/service-defaults';
import type { Settings } from '@emporium/settings';
import type { Logger } from '@emporium/telemetry';
import { Module } from '@nestjs/common';
import type { GatewaySettings } from '../settings.ts';
import { Handfuls } from './handfuls.ts';
import { RequestLimits } from './request.limits.ts';

const requestLimits = (settings: Settings<GatewaySettings>, redis: Redis, logger: Logger): RequestLimits =>
  new RequestLimits(new Handfuls(new RateLimiter(redis, { prefix: 'limit', logger })), () => settings.current.limits);

@Module({
  providers: [{ provide: RequestLimits, useFactory: requestLimits, inject: [SETTINGS, REDIS, LOGGER] }],
  exports: [RequestLimits],
})
export class LimitsModule {}
