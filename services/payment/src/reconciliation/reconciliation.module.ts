import { Module } from '@nestjs/common';
import { PaymentModule } from '../payments/payment.module.ts';
import { ProviderModule } from '../provider/provider.module.ts';
import { RefundModule } from '../refunds/refund.module.ts';
import { BooksRepository } from './books.repository.ts';
import { ComparisonService } from './comparison.service.ts';
import { ReconciliationController } from './reconciliation.controller.ts';
import { ReconciliationService } from './reconciliation.service.ts';
import { ReconciliationTasks } from './reconciliation.tasks.ts';
import { StatementRepository } from './statement.repository.ts';

@Module({
  imports: [ProviderModule, PaymentModule, RefundModule],
  controllers: [ReconciliationController],
  providers: [StatementRepository, BooksRepository, ReconciliationService, ComparisonService, ReconciliationTasks],
})
export class ReconciliationModule {}
