import { Module } from '@nestjs/common';
import { AccountModule } from '../accounts/account.module.ts';
import { SessionModule } from '../sessions/session.module.ts';
import { RoleController } from './role.controller.ts';
import { RoleService } from './role.service.ts';

@Module({ imports: [AccountModule, SessionModule], controllers: [RoleController], providers: [RoleService] })
export class RoleModule {}
