import { PlatformModule } from '@emporium/service-defaults';
import { type DynamicModule, Module } from '@nestjs/common';
import { ApiDocsModule } from './api-docs/api-docs.module.ts';
import type { GatewayConfig } from './config.ts';
import { PagesModule } from './pages/pages.module.ts';
import { securityHeaders } from './pages/security.headers.ts';
import { ReadinessModule } from './readiness/readiness.module.ts';
import { RoutingModule } from './routing/routing.module.ts';
import { gatewaySettings } from './settings.ts';

@Module({})
class AppModule {}

/** The whole service. */
export const appModule = (config: GatewayConfig): DynamicModule => {
  const platform = PlatformModule.with(config, {
    name: 'gateway',
    redis: true,
    edge: true,
    answerHeaders: securityHeaders,
    settings: gatewaySettings(config),
  });
  return { module: AppModule, imports: [platform, PagesModule, RoutingModule, ReadinessModule, ApiDocsModule] };
};
