import { Module } from '@nestjs/common';
import { AccountController } from './account.controller.ts';
import { AccountRepository } from './account.repository.ts';
import { AccountService } from './account.service.ts';

@Module({ controllers: [AccountController], providers: [AccountService, AccountRepository], exports: [AccountService] })
export class AccountModule {}
