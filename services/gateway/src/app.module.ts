import { PlatformModule, type PlatformOptions } from '@emporium/service-defaults';
import { type DynamicModule, Module } from '@nestjs/common';
import { ApiDocsModule } from './api-docs/api-docs.module.ts';
import type { GatewayConfig } from './config.ts';
import { PagesModule } from './pages/pages.module.ts';
import { RoutingModule } from './routing/routing.module.ts';

@Module({})
class AppModule {}

/** The whole service. `overrides` is for specs, which bring their own keys. */
export const appModule = (config: GatewayConfig, overrides: Partial<PlatformOptions> = {}): DynamicModule => {
  const platform = PlatformModule.with(config, { name: 'gateway', redis: true, edge: true, ...overrides });
  return { module: AppModule, imports: [platform, PagesModule, RoutingModule, ApiDocsModule] };
};
