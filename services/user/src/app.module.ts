import { PlatformModule } from '@emporium/service-defaults';
import { type DynamicModule, Global, Module } from '@nestjs/common';
import { AccountModule } from './accounts/account.module.ts';
import { AddressModule } from './addresses/address.module.ts';
import type { UserConfig } from './config.ts';
import { PasswordModule } from './passwords/password.module.ts';
import { RetentionModule } from './retention/retention.module.ts';
import { RetentionService } from './retention/retention.service.ts';
import { RoleModule } from './roles/role.module.ts';
import { SessionModule } from './sessions/session.module.ts';
import { settingsOf } from './settings.ts';

@Global()
@Module({})
export class AppModule {}

/** Wiring: the platform, the settings and the features. */
export function appModule(config: UserConfig): DynamicModule {
  const { accessTokens, providers } = settingsOf(config);
  // The keys are our own: checking a token must not need a request to ourselves.
  const accessKeys = () => accessTokens.jwks();
  return {
    module: AppModule,
    imports: [
      PlatformModule.with(config, { name: 'user', postgres: true, jobs: [RetentionService], accessKeys }),
      AccountModule,
      AddressModule,
      PasswordModule,
      RoleModule,
      SessionModule,
      RetentionModule,
    ],
    providers,
    exports: providers,
  };
}
