import { Module } from '@nestjs/common';
import { LedgerModule } from '../ledger/ledger.module.ts';
import { ProviderModule } from '../provider/provider.module.ts';
import { RefundController } from './refund.controller.ts';
import { RefundRepository } from './refund.repository.ts';
import { RefundService } from './refund.service.ts';

@Module({
  imports: [ProviderModule, LedgerModule],
  controllers: [RefundController],
  providers: [RefundRepository, RefundService],
  exports: [RefundService],
})
export class RefundModule {}
