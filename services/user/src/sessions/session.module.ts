import { Module } from '@nestjs/common';
import { AccountModule } from '../accounts/account.module.ts';
import { SignInModule } from '../sign-ins/sign-in.module.ts';
import { KeysController } from './keys.controller.ts';
import { RefreshTokenRepository } from './refresh-token.repository.ts';
import { RevocationController } from './revocation.controller.ts';
import { RevocationRepository } from './revocation.repository.ts';
import { RevocationService } from './revocation.service.ts';
import { SessionController } from './session.controller.ts';
import { SessionRepository } from './session.repository.ts';
import { SessionService } from './session.service.ts';

@Module({
  imports: [AccountModule, SignInModule],
  controllers: [SessionController, RevocationController, KeysController],
  providers: [SessionService, SessionRepository, RefreshTokenRepository, RevocationService, RevocationRepository],
  exports: [SessionService, RevocationService],
})
export class SessionModule {}
