import { RateLimiter, type Redis } from '@emporium/redis';
import { CONFIG, LOGGER, REDIS } from '@emporium/service-defaults';
import type { Logger } from '@emporium/telemetry';
import { Module } from '@nestjs/common';
import type { GatewayConfig } from '../config.ts';
import { Handfuls } from './handfuls.ts';
import { limitsFor } from './limits.ts';
import { RequestLimits } from './request.limits.ts';

const requestLimits = (config: GatewayConfig, redis: Redis, logger: Logger): RequestLimits =>
  new RequestLimits(
    new Handfuls(new RateLimiter(redis, { prefix: 'limit', logger })),
    limitsFor(config.nodeEnv, config.rateLimitPercent / 100),
  );

@Module({
  providers: [{ provide: RequestLimits, useFactory: requestLimits, inject: [CONFIG, REDIS, LOGGER] }],
  exports: [RequestLimits],
})
export class LimitsModule {}
