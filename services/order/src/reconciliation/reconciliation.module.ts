import type { HttpClient } from '@emporium/http-client';
import { Module } from '@nestjs/common';
import { PAYMENT_HTTP, PaymentModule } from '../payments/payment.module.ts';
import { PRODUCT_HTTP, ProductModule } from '../products/product.module.ts';
import { FindingRepository } from './finding.repository.ts';
import { FindingService } from './finding.service.ts';
import { OrderComparisonService } from './order-comparison.service.ts';
import { OrderFactsRepository } from './order-facts.repository.ts';
import { OrderWalkService } from './order-walk.service.ts';
import { PaymentBooksClient } from './payment-books.client.ts';
import { ProductBooksClient } from './product-books.client.ts';
import { ReconciliationController } from './reconciliation.controller.ts';
import { ReconciliationGauges } from './reconciliation.gauges.ts';
import { ReconciliationService } from './reconciliation.service.ts';
import { ReconciliationTasks } from './reconciliation.tasks.ts';
import { RunRepository } from './run.repository.ts';
import { RunService } from './run.service.ts';
import { StockComparisonService } from './stock-comparison.service.ts';

@Module({
  imports: [PaymentModule, ProductModule],
  controllers: [ReconciliationController],
  providers: [
    { provide: PaymentBooksClient, useFactory: (http: HttpClient) => new PaymentBooksClient(http), inject: [PAYMENT_HTTP] },
    { provide: ProductBooksClient, useFactory: (http: HttpClient) => new ProductBooksClient(http), inject: [PRODUCT_HTTP] },
    RunRepository,
    FindingRepository,
    OrderFactsRepository,
    FindingService,
    OrderComparisonService,
    OrderWalkService,
    StockComparisonService,
    RunService,
    ReconciliationService,
    ReconciliationTasks,
    ReconciliationGauges,
  ],
})
export class ReconciliationModule {}
