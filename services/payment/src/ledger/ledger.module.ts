import { Module } from '@nestjs/common';
import { LedgerController } from './ledger.controller.ts';
import { LedgerRepository } from './ledger.repository.ts';
import { LedgerService } from './ledger.service.ts';
import { LedgerTasks } from './ledger.tasks.ts';

@Module({ controllers: [LedgerController], providers: [LedgerRepository, LedgerService, LedgerTasks], exports: [LedgerService] })
export class LedgerModule {}
