import { Module } from '@nestjs/common';
import { PaymentModule } from '../payments/payment.module.ts';
import { ProviderModule } from '../provider/provider.module.ts';
import { RefundModule } from '../refunds/refund.module.ts';
import { WebhookController } from './webhook.controller.ts';
import { WebhookRepository } from './webhook.repository.ts';
import { WebhookService } from './webhook.service.ts';
import { WebhookTasks } from './webhook.tasks.ts';

@Module({
  imports: [ProviderModule, PaymentModule, RefundModule],
  controllers: [WebhookController],
  providers: [WebhookRepository, WebhookService, WebhookTasks],
})
export class WebhookModule {}
