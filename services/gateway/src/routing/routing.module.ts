import { CONFIG, HealthRegistry, Lifecycle, LOGGER, SETTINGS, ServiceClients } from '@emporium/service-defaults';
import type { Logger } from '@emporium/telemetry';
import { Module } from '@nestjs/common';
import { AccessCheck } from '../auth/access.check.ts';
import { Revocations } from '../auth/revocations.ts';
import type { GatewayConfig } from '../config.ts';
import { DeadLetterService } from '../dead-letters/dead-letter.service.ts';
import { EdgeCacheModule } from '../edge-cache/edge-cache.module.ts';
import { LimitsModule } from '../limits/limits.module.ts';
import { SheddingModule } from '../shedding/shedding.module.ts';
import { PublicRoutes } from './public.routes.ts';
import { Upstreams } from './upstreams.ts';

async function followRevocations(
  clients: ServiceClients,
  { userServiceUrl: baseUrl }: GatewayConfig,
  logger: Logger,
  lifecycle: Lifecycle,
  health: HealthRegistry,
): Promise<Revocations> {
  // Its own client: a crowd at the user service must not keep ended sessions from being known.
  const users = clients.to('user', { baseUrl, timeoutMs: 900, connections: 1, breaker: { enabled: false } });
  const revocations = new Revocations(users, logger);
  health.register({ name: 'ended sessions', required: true, check: () => revocations.mustBeKnown() });
  await revocations.start();
  lifecycle.onStop('background', 'revocations', () => revocations.stop());
  return revocations;
}

@Module({
  imports: [LimitsModule, EdgeCacheModule, SheddingModule],
  providers: [
    { provide: Upstreams, useFactory: Upstreams.connect, inject: [ServiceClients, CONFIG, SETTINGS] },
    { provide: Revocations, useFactory: followRevocations, inject: [ServiceClients, CONFIG, LOGGER, Lifecycle, HealthRegistry] },
    AccessCheck,
    DeadLetterService,
    PublicRoutes,
  ],
  exports: [Upstreams],
})
export class RoutingModule {}
