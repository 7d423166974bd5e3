import { Module } from '@nestjs/common';
import { AccountModule } from '../accounts/account.module.ts';
import { SessionModule } from '../sessions/session.module.ts';
import { SignInModule } from '../sign-ins/sign-in.module.ts';
import { PasswordController } from './password.controller.ts';
import { PasswordService } from './password.service.ts';

@Module({
  imports: [AccountModule, SignInModule, SessionModule],
  controllers: [PasswordController],
  providers: [PasswordService],
})
export class PasswordModule {}
