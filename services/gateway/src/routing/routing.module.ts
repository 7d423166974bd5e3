import { RateLimiter, type Redis } from '@emporium/redis';
import { CONFIG, Lifecycle, LOGGER, REDIS, ServiceClients } from '@emporium/service-defaults';
import type { Logger } from '@emporium/telemetry';
import { Module } from '@nestjs/common';
import { AccessCheck } from '../auth/access.check.ts';
import { Revocations } from '../auth/revocations.ts';
import type { GatewayConfig } from '../config.ts';
import { limitsFor } from '../limits/limits.ts';
import { LIMITS, RequestLimits } from '../limits/request.limits.ts';
import { UPSTREAM_URLS, UpstreamReadiness } from '../readiness/upstream.readiness.ts';
import { PublicRoutes } from './public.routes.ts';
import { Upstreams } from './upstreams.ts';

const urlsOf = (config: GatewayConfig) => ({
  user: config.userServiceUrl,
  product: config.productServiceUrl,
  order: config.orderServiceUrl,
  payment: config.paymentServiceUrl,
});

function connectUpstreams(clients: ServiceClients, config: GatewayConfig): Upstreams {
  const urls = urlsOf(config);
  const bulkhead = { maxConcurrent: config.upstreamConcurrency };
  const client = (name: keyof typeof urls) => clients.to(name, { baseUrl: urls[name], bulkhead });
  return new Upstreams({ user: client('user'), product: client('product'), order: client('order'), payment: client('payment') });
}

async function followRevocations(upstreams: Upstreams, logger: Logger, lifecycle: Lifecycle): Promise<Revocations> {
  const revocations = new Revocations(upstreams.client('user'), logger);
  await revocations.start();
  lifecycle.onStop('background', 'revocations', () => revocations.stop());
  return revocations;
}

@Module({
  providers: [
    { provide: UPSTREAM_URLS, useFactory: urlsOf, inject: [CONFIG] },
    { provide: Upstreams, useFactory: connectUpstreams, inject: [ServiceClients, CONFIG] },
    { provide: Revocations, useFactory: followRevocations, inject: [Upstreams, LOGGER, Lifecycle] },
    {
      provide: LIMITS,
      useFactory: (config: GatewayConfig) => limitsFor(config.nodeEnv, config.rateLimitPercent / 100),
      inject: [CONFIG],
    },
    { provide: RateLimiter, useFactory: (redis: Redis) => new RateLimiter(redis, { prefix: 'limit' }), inject: [REDIS] },
    RequestLimits,
    AccessCheck,
    UpstreamReadiness,
    PublicRoutes,
  ],
  exports: [Upstreams],
})
export class RoutingModule {}
